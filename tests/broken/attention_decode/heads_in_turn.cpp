// Takes the caches in turn: right where each head has its own, another group's where heads share them.
#include "two_parts.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {
namespace {

struct Wrong : Right {
  static std::int64_t cache(const DecodeAxes& axes, std::int64_t head) {
    return head / axes.H * axes.H_kv + head % axes.H_kv;
  }
};

}  // namespace

extern const Implementation heads_in_turn = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
