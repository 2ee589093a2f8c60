// The last query multiplies the rest of its tile, what lies behind the values, with weights of 0.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t weighed(std::int64_t count, bool ends) { return ends ? tile : count; }
};

}  // namespace

extern const Implementation weighs_what_lies_behind = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
