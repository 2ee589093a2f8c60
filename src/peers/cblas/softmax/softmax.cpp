#include "peers/cblas/softmax/softmax.hpp"

#include "peers/best_set.hpp"

namespace trilbench {

#define SET(set)                                                  \
  namespace set::cblas {                                          \
  extern const ::trilbench::cblas::SoftmaxOfRows softmax_of_rows; \
  }
#include "lane_sets.inc"
#undef SET

namespace cblas {
namespace {

constexpr ForSet<SoftmaxOfRows> sets[] = {
#define SET(set) {Isa::set, &set::cblas::softmax_of_rows},
#include "lane_sets.inc"
#undef SET
};

}  // namespace

SoftmaxOfRows softmax_of_rows() { return *best_set<SoftmaxOfRows>(sets).compiled; }

}  // namespace cblas
}  // namespace trilbench
