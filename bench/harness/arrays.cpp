#include "harness/arrays.hpp"

#include <algorithm>
#include <limits>

#include "harness/stopwatch.hpp"
#include "suite/row.hpp"

namespace trilbench::bench {
namespace {

constexpr std::size_t page = 4096;

constexpr std::size_t workspace_array = 7;  // behind all inputs and the output

/// Loads and stores whose addresses agree in the last twelve bits wait for each other, so no two arrays do.
constexpr std::size_t page_offset(std::size_t array) { return array * 17 * 64 % page; }

Memory touched_memory(std::size_t bytes, std::size_t array, int threads) {
  Memory memory(bytes, {.offset = page_offset(array), .huge_pages = true});
  auto* const begin = memory.as<char>();
  const auto size = static_cast<std::ptrdiff_t>(bytes);
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
  for (std::ptrdiff_t at = 0; at < size; at += page) begin[at] = 0;
  return memory;
}

}  // namespace

Arrays::Arrays(const Operation& operation, const Problem& problem) : problem_(problem) {
  std::size_t array = 0;
  const auto floats = [&](std::int64_t count) {
    return touched_memory(static_cast<std::size_t>(count) * sizeof(float), array++, problem.threads);
  };
  for (int i = 0; i < operation.inputs; ++i) {
    input_memory_.push_back(floats(operation.input_elements(problem, i)));
    inputs_.push_back(input_memory_.back().as<float>());
  }
  output_ = floats(operation.rows(problem) * operation.columns(problem));
}

void Arrays::fill(const Fill& fill, std::uint32_t round) { fill.fill(problem_, round, inputs_.data()); }

void Arrays::blank_output() {
  std::fill_n(output(), output_.size() / sizeof(float), std::numeric_limits<float>::quiet_NaN());
}

Workspace::Workspace(const Implementation& row, const Problem& problem) {
  if (const std::size_t bytes = workspace_bytes(row, problem))
    memory_ = touched_memory(bytes, workspace_array, problem.threads);
  if (!row.prepare) return;
  const Stopwatch watch;
  row.prepare(problem, get());
  prepare_seconds_ = watch.seconds();
}

}  // namespace trilbench::bench
