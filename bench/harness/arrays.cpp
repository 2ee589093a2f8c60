#include "harness/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "suite/machine/process.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t line = 64;

constexpr std::size_t most_drawn_anew = std::size_t{1} << 16;  // numbers, in milliseconds

constexpr std::int64_t most_blanked = std::int64_t{4} << 20;  // floats of an output, in milliseconds

constexpr std::size_t workspace_array = 7;  // behind all inputs and the output

/// A load waits for an earlier store whose address agrees with its own in the last twelve bits, so no two
/// arrays begin at the same place in a page.
constexpr std::size_t page_offset(std::size_t array, bool misaligned) {
  return array * 17 * line % page + (misaligned ? (array + 1) * sizeof(float) : 0);
}

/// How far the inputs of a round are rotated: by the golden section, so that no two come near each other.
std::size_t rotated_by(std::size_t floats, std::uint32_t round) {
  const double part = round * (std::numbers::phi - 1);
  return static_cast<std::size_t>((part - std::floor(part)) * static_cast<double>(floats));
}

/// Zeroed memory, in sets of equal size, each of which the threads that will use it have touched first.
Memory touched_memory(std::size_t bytes_of_set, std::size_t sets, std::size_t array, int threads,
                      bool misaligned = false) {
  Memory memory(sets * bytes_of_set, {.offset = page_offset(array, misaligned), .huge_pages = true});
  auto* begin = memory.as<char>();
  if (bytes_of_set < page * static_cast<std::size_t>(threads)) {  // nothing to divide: all sets at once
    bytes_of_set *= sets;
    sets = 1;
  }
  const auto size = static_cast<std::ptrdiff_t>(bytes_of_set);
  for (std::size_t set = 0; set < sets; ++set, begin += size) {
    if (threads == 1) {  // no region: in clang's runtime one would wake a team that was let go
      for (std::ptrdiff_t at = 0; at < size; at += page) begin[at] = 0;
      continue;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::ptrdiff_t at = 0; at < size; at += page) begin[at] = 0;
  }
  return memory;
}

/// Of all last-level caches that so many threads may have: of the fewest in which the CPUs that are allowed
/// can lie. 64 MiB, more than most have, where no third level is described: there may be one all the same.
double last_level_cache_bytes(int threads) {
  constexpr double unknown = 64.0 * (1 << 20);
  const std::vector<Cache> caches = own_caches();
  if (caches.empty()) return unknown;
  const Cache& last = caches.back();
  const int instances = last.shared_by > 0 ? (allowed_threads() + last.shared_by - 1) / last.shared_by : 1;
  const double bytes = static_cast<double>(last.bytes) * std::min(instances, threads);
  return last.level < 3 ? std::max(bytes, unknown) : bytes;
}

/// Floats from one set of an array to the next: whole cache lines.
std::size_t stride(std::size_t floats) {
  return (floats * sizeof(float) + line - 1) / line * line / sizeof(float);
}

}  // namespace

std::size_t sets_of_arrays(const Operation& operation, const Problem& problem, Conditions conditions) {
  if (!conditions.cold) return 1;
  std::size_t all = 0;
  for (const std::int64_t floats : array_elements(operation, problem))
    all += stride(static_cast<std::size_t>(floats));
  const double bytes = sizeof(float) * static_cast<double>(all);
  return static_cast<std::size_t>(std::ceil(2 * last_level_cache_bytes(problem.threads) / bytes));
}

Arrays::Arrays(const Operation& operation, const Problem& problem, Conditions conditions)
    : problem_(problem), timed_(sets_of_arrays(operation, problem, conditions)) {
  for (const std::int64_t elements : array_elements(operation, problem)) {
    const auto floats = static_cast<std::size_t>(elements);
    arrays_.push_back({touched_memory(stride(floats) * sizeof(float), sets(), arrays_.size(), problem.threads,
                                      conditions.misaligned),
                       floats});
  }
  for (std::size_t set = 0; set < sets(); ++set)
    for (const Array& each : arrays_) places_.push_back(each.memory.as<float>() + set * stride(each.floats));
}

void Arrays::fill(const Fill& fill, std::uint32_t round) {
  timed_[set_] = {};
  fill.fill(problem_, round, arrays_of(set_));
}

void Arrays::fill_for_timing(const Fill& fill, std::uint32_t seed, std::uint32_t round) {
  Timed& timed = timed_[set_];
  if (timed == Timed{&fill, seed, round}) return;
  const std::span<const Array> inputs = std::span(arrays_).first(arrays_.size() - 1);
  std::size_t floats = 0;
  for (const Array& input : inputs) floats += input.floats;
  if (floats <= most_drawn_anew) {
    this->fill(fill, seed + round);
    timed = {&fill, seed, round};
    return;
  }
  if (timed.fill != &fill || timed.seed != seed) {
    this->fill(fill, seed);
    timed = {&fill, seed, 0};
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::size_t all = inputs[i].floats;
    const std::size_t back = rotated_by(all, timed.round), on = rotated_by(all, round);
    float* const input = arrays_of(set_)[i];
    std::rotate(input, input + (all + on - back) % all, input + all);
  }
  timed.round = round;
}

void Arrays::share_inputs() {
  for (std::size_t set = 0; set < sets(); ++set) {
    if (timed_[set] == timed_[set_]) continue;
    for (std::size_t i = 0; i + 1 < arrays_.size(); ++i)
      std::copy_n(inputs()[i], arrays_[i].floats, arrays_of(set)[i]);
    timed_[set] = timed_[set_];
  }
}

void Arrays::blank_output(std::span<const std::int64_t> rows, std::int64_t columns, std::size_t sets_on) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  float* const output = arrays_of((set_ + sets_on) % sets())[arrays_.size() - 1];
  const auto floats = static_cast<std::int64_t>(arrays_.back().floats);
  if (floats <= most_blanked) {
    std::fill_n(output, floats, nan);
    return;
  }
  for (const std::int64_t row : rows)
    std::fill(output + std::max<std::int64_t>(0, row - 1) * columns,
              output + std::min(floats, (row + 2) * columns), nan);
}

Prepared::Prepared(const Variant& variant, const Problem& problem)
    : variant_(&variant),
      runnable_(Runnable::of(variant).value()),
      memory_(touched_memory(runnable_.workspace_bytes(problem, this_machine()), 1, workspace_array,
                             problem.threads)) {
  const Stopwatch watch;
  call_kernel([&] { runnable_.prepare(problem, this_machine(), workspace()); });
  prepare_seconds_ = watch.seconds();
}

}  // namespace trilbench::bench
