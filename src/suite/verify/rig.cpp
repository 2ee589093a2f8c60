#include "suite/verify/rig.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "suite/floating_point_mode.hpp"
#include "suite/row.hpp"

namespace trilbench {
namespace {

using Guard = Placement::Guard;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// Buffers without guard pages have this much room on both sides, so that only `margins` sees a touch beyond
// them.
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

Rig::Rig(const Operation& operation, const Implementation& row, const Problem& problem, Place place)
    : row_(row), problem_(problem) {
  for (int i = 0; i < operation.inputs; ++i) {
    input_elements_.push_back(operation.input_elements(problem, i));
    inputs_.push_back(memory_at(place, input_elements_.back() * sizeof(float), sizeof(float)));
    input_pointers_.push_back(inputs_.back().as<float>());
  }
  output_elements_ = operation.rows(problem) * operation.columns(problem);
  output_ = memory_at(place, output_elements_ * sizeof(float), 2 * sizeof(float));
  workspace_bytes_ = workspace_bytes(row, problem);
  // Before a guarded page its promised alignment costs up to 15 floats behind it; in the other places its end
  // is exact.
  if (place == Place::ends_page) workspace_bytes_ = (workspace_bytes_ + 63) / 64 * 64;
  workspace_ = memory_at(place, workspace_bytes_, 0);
}

bool Rig::prepare() {
  std::fill_n(workspace_.as<float>(), workspace_bytes_ / sizeof(float), nan);
  if (!row_.prepare) return true;
  auto call = [this] { row_.prepare(problem_, workspace_.as<void>()); };
  return guarded(call);
}

bool Rig::run() {
  std::fill_n(output(), output_elements_, nan);
  auto call = [this] { row_.run(problem_, input_pointers_.data(), output(), workspace_.as<void>()); };
  return guarded(call);
}

bool Rig::output_is(const std::vector<float>& other) const {
  return std::memcmp(output(), other.data(), other.size() * sizeof(float)) == 0;
}

Rig::InputCopies Rig::copy_inputs() const {
  InputCopies copies;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    copies.emplace_back(inputs()[i], inputs()[i] + input_elements_[i]);
  return copies;
}

void Rig::put_back(const InputCopies& copies) {
  for (std::size_t i = 0; i < copies.size(); ++i) std::copy(copies[i].begin(), copies[i].end(), inputs()[i]);
}

void Rig::make_inputs_read_only() {
  for (Memory& input : inputs_) input.make_read_only();
}

void Rig::mark_margins(float mark) {
  for_each_block([mark](Memory& memory) { memory.mark_margins(mark); });
}

bool Rig::margins_intact() {
  bool intact = true;
  for_each_block([&intact](const Memory& memory) { intact = intact && memory.margins_intact(); });
  return intact;
}

/// The call, behind which the floating-point mode is ours again: the reference must not be flushed to zero
/// too.
template <class Call>
bool Rig::guarded(Call& call) {
  const std::uint64_t mode = floating_point_mode();
  const std::optional<Fault> fault = fault_of(call);
  mode_kept_ = restore_floating_point_mode(mode, problem_.threads) && mode_kept_;
  if (fault) fault_ = told(*fault);
  return !fault;
}

std::string Rig::told(const Fault& fault) const {
  if (!fault.forbidden_memory()) return description(fault);
  const bool in_input = std::any_of(inputs_.begin(), inputs_.end(),
                                    [&](const Memory& input) { return input.holds(fault.address); });
  return in_input ? "writes to an input" : "touches memory beyond its buffers";
}

template <class Visit>
void Rig::for_each_block(Visit visit) {
  std::for_each(inputs_.begin(), inputs_.end(), visit);
  visit(output_);
  visit(workspace_);
}

}  // namespace trilbench
