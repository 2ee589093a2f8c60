// Takes the length from before the newest step: its key and value do not count.
#include "two_parts.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {
namespace {

struct Wrong : Right {
  static std::int64_t keys(std::int64_t T) { return std::max<std::int64_t>(T - 1, 1); }
};

}  // namespace

extern const Implementation last_step_forgotten = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
