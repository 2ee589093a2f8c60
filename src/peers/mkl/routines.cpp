#include "peers/cblas/routines.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

constexpr Variant variants[] = {
    {"attention_decode", "mkl_sgemm_softmax", std::nullopt, &cblas::attention_decode::sgemm_softmax},
    {"attention_decode", "mkl_sgemv_softmax", std::nullopt, &cblas::attention_decode::sgemv_softmax},
    {"broadcast_matmul", "mkl_sgemm", std::nullopt, &cblas::broadcast_matmul::sgemm},
    {"broadcast_matmul", "mkl_sgemm_batch", std::nullopt, &cblas::broadcast_matmul::sgemm_batch},
    {"causal_attention", "mkl_sgemm_softmax", std::nullopt, &cblas::causal_attention::sgemm_softmax},
    {"causal_mean", "mkl_sgemm", std::nullopt, &cblas::causal_mean::sgemm},
    {"causal_mean", "mkl_strmm", std::nullopt, &cblas::causal_mean::strmm},
    {"tril_matmul", "mkl_sgemm", std::nullopt, &cblas::tril_matmul::sgemm},
    {"tril_matmul", "mkl_strmm", std::nullopt, &cblas::tril_matmul::strmm},
};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
