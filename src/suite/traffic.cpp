#include "suite/traffic.hpp"

#include "suite/element.hpp"

namespace trilbench {
namespace {

double elements_of(const Transfer& transfer) {
  const auto count = static_cast<double>(transfer.count);
  const double triangle = count * (count + 1) / 2;
  switch (transfer.movement) {
    case Movement::read:
    case Movement::fill:
      return count;
    case Movement::copy:
      return 2 * count;
    case Movement::read_triangle:
      return triangle;
    case Movement::copy_triangle:
      return triangle + count * count;
    case Movement::none:
      return 0;
  }
  return 0;
}

}  // namespace

double bytes_of(const Traffic& traffic) {
  double elements = 0;
  for (const Transfer& transfer : traffic.transfers) elements += elements_of(transfer);
  return element_bytes * elements;
}

Problem probe_problem(const Traffic& traffic, int threads) {
  Problem probe{};
  probe.threads = threads;
  for (int i = 0; i < Traffic::most; ++i) {
    const Transfer& transfer = traffic.transfers[i];
    probe.sizes[3 * i] = static_cast<std::int64_t>(transfer.movement);
    probe.sizes[3 * i + 1] = transfer.input;
    probe.sizes[3 * i + 2] = transfer.count;
  }
  return probe;
}

}  // namespace trilbench
