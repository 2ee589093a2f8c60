// Counts one row behind the length, where there is room for the next step.
#include "two_parts.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {
namespace {

struct Wrong : Right {
  static std::int64_t keys(std::int64_t T) { return T + 1; }
};

}  // namespace

extern const Implementation one_row_too_many = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
