#include "suite/verify/buffers.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "suite/floating_point_mode.hpp"
#include "suite/verify/guarded_call.hpp"

namespace trilbench {
namespace {

using Guard = Placement::Guard;

constexpr Element nan = std::numeric_limits<Element>::quiet_NaN();

// Room on both sides of buffers without guard pages, so that only `margins` sees a touch beyond them.
constexpr std::size_t slack_bytes = 4096;

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

}  // namespace

Buffers::Buffers(std::vector<std::int64_t> elements, Place place)
    : place_(place), elements_(std::move(elements)), mode_(floating_point_mode()) {
  const auto memory = [&](std::int64_t count, std::size_t shift) {
    return memory_at(place, static_cast<std::size_t>(count * element_bytes), shift * sizeof(Element));
  };
  for (std::size_t input = 0; input + 1 < elements_.size(); ++input) {
    inputs_.push_back(memory(elements_[input], 1));
    input_pointers_.push_back(inputs_.back().as<Element>());
  }
  output_ = memory(elements_.back(), 2);
}

/// The call, behind which the calling thread's floating-point mode is ours again: the reference must not be
/// flushed to zero too. (The team's threads are asked in mode_kept: that takes another parallel region.)
template <class Call>
bool Buffers::guarded(Call call) {
  const std::optional<Fault> fault = fault_of(call);
  mode_kept_ = restore_floating_point_mode(mode_, 1) && mode_kept_;
  if (!fault) return true;
  wrote_to_input_ = fault->forbidden_memory() && std::ranges::any_of(inputs_, [&](const Memory& input) {
                      return input.holds(fault->address);
                    });
  touched_beyond_ = fault->forbidden_memory() && !wrote_to_input_;
  fault_ = wrote_to_input_   ? "writes to an input"
           : touched_beyond_ ? "touches memory beyond its buffers"
                             : description(*fault);
  return false;
}

bool Buffers::prepare(const Runnable& kernel, const Problem& problem, const Machine& machine) {
  kernel_ = kernel;
  threads_ = problem.threads;
  std::size_t bytes = kernel.workspace_bytes(problem, machine);
  // Its promised alignment costs some bytes before a guarded page; in the other places its end is exact.
  if (place_ == Place::ends_page)
    bytes = (bytes + workspace_alignment - 1) / workspace_alignment * workspace_alignment;
  const std::size_t slack = place_ == Place::aligned || place_ == Place::shifted ? slack_bytes : 0;
  if (workspace_.size() != bytes + slack) {
    workspace_ = memory_at(place_, bytes, 0);
    workspace_.mark_margins(mark_);
  }
  std::fill_n(workspace_.as<Element>(), bytes / sizeof(Element), nan);
  return guarded([&] { kernel.prepare(problem, machine, workspace_.as<void>()); });
}

bool Buffers::run() {
  std::fill_n(output(), elements_.back(), nan);
  return guarded([this] { kernel_->run(workspace_.as<void>(), input_pointers_.data(), output()); });
}

bool Buffers::mode_kept() {
  mode_kept_ = restore_floating_point_mode(mode_, threads_) && mode_kept_;
  return mode_kept_;
}

bool Buffers::output_is(const std::vector<Element>& other) const {
  return std::memcmp(output(), other.data(), other.size() * sizeof(Element)) == 0;
}

double Buffers::input_bytes() const {
  return sizeof(Element) *
         static_cast<double>(std::accumulate(elements_.begin(), elements_.end() - 1, std::int64_t{0}));
}

Buffers::Inputs Buffers::copy_inputs() const {
  Inputs copies;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    copies.emplace_back(inputs()[i], inputs()[i] + elements_[i]);
  return copies;
}

void Buffers::put(const Inputs& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) std::ranges::copy(inputs[i], input_pointers_[i]);
}

void Buffers::copy_from(const Element* const* inputs) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) std::copy_n(inputs[i], elements_[i], input_pointers_[i]);
}

void Buffers::make_inputs_read_only() { std::ranges::for_each(inputs_, &Memory::make_read_only); }

void Buffers::make_inputs_writable() { std::ranges::for_each(inputs_, &Memory::make_writable); }

void Buffers::mark_margins(Element mark) {
  mark_ = mark;
  for (Memory& input : inputs_) input.mark_margins(mark);
  output_.mark_margins(mark);
  workspace_.mark_margins(mark);
}

bool Buffers::margins_intact() const {
  return std::ranges::all_of(inputs_, &Memory::margins_intact) && output_.margins_intact() &&
         workspace_.margins_intact();
}

}  // namespace trilbench
