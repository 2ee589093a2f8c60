// Products take the numbers of a head by twos and forget the odd one.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t numbers(std::int64_t D) { return D / 2 * 2; }
};

}  // namespace

extern const Implementation last_numbers_dropped = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
