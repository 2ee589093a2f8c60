#include "suite/verify/buffers.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "suite/floating_point_mode.hpp"

namespace trilbench {
namespace {

using Guard = Placement::Guard;

constexpr Element nan = std::numeric_limits<Element>::quiet_NaN();

// Buffers without guard pages have this much room on both sides, so that only `margins` sees a touch beyond
// them.
constexpr std::size_t slack_bytes = 4096;

constexpr std::size_t workspace_alignment = 64;

Memory memory_at(Place place, std::size_t bytes, std::size_t shift) {
  switch (place) {
    case Place::ends_page:
      return Memory(bytes, {.guard = Guard::after});
    case Place::starts_page:
      return Memory(bytes, {.guard = Guard::before});
    default:
      return Memory(bytes + slack_bytes, {.offset = slack_bytes + (place == Place::shifted ? shift : 0)});
  }
}

std::vector<std::int64_t> input_elements(const Operation& operation, const Problem& problem) {
  std::vector<std::int64_t> elements;
  for (int i = 0; i < operation.inputs; ++i) elements.push_back(operation.input_elements(problem, i));
  return elements;
}

}  // namespace

Buffers::Buffers(const Operation& operation, const Problem& problem, Place place)
    : Buffers(trilbench::input_elements(operation, problem),
              operation.rows(problem) * operation.columns(problem), place) {}

Buffers::Buffers(std::span<const std::int64_t> input_elements, std::int64_t output_elements, Place place)
    : place_(place),
      input_elements_(input_elements.begin(), input_elements.end()),
      output_elements_(output_elements),
      mode_(floating_point_mode()) {
  for (const std::int64_t elements : input_elements_) {
    inputs_.push_back(memory_at(place, static_cast<std::size_t>(elements * element_bytes), sizeof(Element)));
    input_pointers_.push_back(inputs_.back().as<Element>());
  }
  output_ = memory_at(place, static_cast<std::size_t>(output_elements * element_bytes), 2 * sizeof(Element));
}

bool Buffers::prepare(const Runnable& kernel, const Problem& problem, const Machine& machine) {
  kernel_ = kernel;
  threads_ = problem.threads;
  std::size_t bytes = kernel.workspace_bytes(problem, machine);
  // Before a guarded page its promised alignment costs some bytes behind it; in the other places its end is
  // exact.
  if (place_ == Place::ends_page)
    bytes = (bytes + workspace_alignment - 1) / workspace_alignment * workspace_alignment;
  const std::size_t slack = place_ == Place::aligned || place_ == Place::shifted ? slack_bytes : 0;
  if (workspace_.size() != bytes + slack) {
    workspace_ = memory_at(place_, bytes, 0);
    workspace_.mark_margins(mark_);
  }
  std::fill_n(workspace_.as<Element>(), bytes / sizeof(Element), nan);
  auto call = [&] { kernel.prepare(problem, machine, workspace_.as<void>()); };
  return guarded(call);
}

bool Buffers::run() {
  std::fill_n(output(), output_elements_, nan);
  auto call = [this] { kernel_->run(workspace_.as<void>(), input_pointers_.data(), output()); };
  return guarded(call);
}

bool Buffers::mode_kept() {
  mode_kept_ = restore_floating_point_mode(mode_, threads_) && mode_kept_;
  return mode_kept_;
}

bool Buffers::output_is(const std::vector<Element>& other) const {
  return std::memcmp(output(), other.data(), other.size() * sizeof(Element)) == 0;
}

Buffers::Inputs Buffers::copy_inputs() const {
  Inputs copies;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    copies.emplace_back(inputs()[i], inputs()[i] + input_elements_[i]);
  return copies;
}

void Buffers::put(const Inputs& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) std::ranges::copy(inputs[i], input_pointers_[i]);
}

void Buffers::make_inputs_read_only() {
  for (Memory& input : inputs_) input.make_read_only();
}

void Buffers::make_inputs_writable() {
  for (Memory& input : inputs_) input.make_writable();
}

void Buffers::mark_margins(Element mark) {
  mark_ = mark;
  for_each_block([mark](Memory& memory) { memory.mark_margins(mark); });
}

bool Buffers::margins_intact() {
  bool intact = true;
  for_each_block([&intact](const Memory& memory) { intact = intact && memory.margins_intact(); });
  return intact;
}

/// The call, behind which the calling thread's floating-point mode is ours again: the reference must not be
/// flushed to zero too. (The team's threads are asked in mode_kept: that takes another parallel region.)
template <class Call>
bool Buffers::guarded(Call& call) {
  const std::optional<Fault> fault = fault_of(call);
  mode_kept_ = restore_floating_point_mode(mode_, 1) && mode_kept_;
  if (fault) tell(*fault);
  return !fault;
}

void Buffers::tell(const Fault& fault) {
  const bool in_input = std::ranges::any_of(
      inputs_, [&](const Memory& input) { return fault.forbidden_memory() && input.holds(fault.address); });
  touched_beyond_ = fault.forbidden_memory() && !in_input;
  fault_ = in_input          ? "writes to an input"
           : touched_beyond_ ? "touches memory beyond its buffers"
                             : description(fault);
}

template <class Visit>
void Buffers::for_each_block(Visit visit) {
  std::ranges::for_each(inputs_, visit);
  visit(output_);
  if (kernel_) visit(workspace_);
}

}  // namespace trilbench
