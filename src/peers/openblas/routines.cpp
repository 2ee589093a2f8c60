#include "peers/cblas/routines.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

constexpr Variant variants[] = {
    {"attention_decode", "openblas_sgemm_softmax", std::nullopt, &cblas::attention_decode::sgemm_softmax},
    {"attention_decode", "openblas_sgemv_softmax", std::nullopt, &cblas::attention_decode::sgemv_softmax},
    {"broadcast_matmul", "openblas_sgemm", std::nullopt, &cblas::broadcast_matmul::sgemm},
    {"broadcast_matmul", "openblas_sgemm_batch", std::nullopt, &cblas::broadcast_matmul::sgemm_batch},
    {"causal_attention", "openblas_sgemm_softmax", std::nullopt, &cblas::causal_attention::sgemm_softmax},
    {"causal_mean", "openblas_sgemm", std::nullopt, &cblas::causal_mean::sgemm},
    {"causal_mean", "openblas_strmm", std::nullopt, &cblas::causal_mean::strmm},
    {"tril_matmul", "openblas_sgemm", std::nullopt, &cblas::tril_matmul::sgemm},
    {"tril_matmul", "openblas_strmm", std::nullopt, &cblas::tril_matmul::strmm},
};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
