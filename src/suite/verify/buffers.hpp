// The buffers of one problem, placed where a check wants them, and guarded calls on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "suite/element.hpp"
#include "suite/memory.hpp"
#include "suite/variant.hpp"

namespace trilbench {

/// Where buffers lie. The workspace has its promised alignment everywhere.
enum class Place {
  aligned,     // to pages, and nothing is guarded
  shifted,     // inputs and output by one and two elements: alignment is no kernel's right
  ends_page,   // the first byte behind each buffer cannot be touched
  starts_page  // nor the last byte before it
};

class Buffers {
 public:
  /// Of so many elements: each input, then the output.
  Buffers(std::vector<std::int64_t> elements, Place place);

  /// Prepares a workspace of NaN, as memory may hold anything. False if it faulted.
  bool prepare(const Runnable& kernel, const Problem& problem, const Machine& machine);

  /// Computes into an output of NaN, with what was prepared last. False if it faulted.
  bool run();

  /// What the last call did that it may not, and whether it touched memory beyond the buffers.
  const std::string& fault() const { return fault_; }
  bool touched_beyond() const { return touched_beyond_; }
  bool wrote_to_input() const { return wrote_to_input_; }

  /// Whether no call has left another floating-point mode behind, on any thread of the last one's team.
  bool mode_kept();

  Element* const* inputs() const { return input_pointers_.data(); }
  Element* output() const { return output_.as<Element>(); }
  std::vector<Element> output_copy() const { return {output(), output() + elements_.back()}; }
  bool output_is(const std::vector<Element>& other) const;

  using Inputs = std::vector<std::vector<Element>>;
  double input_bytes() const;
  Inputs copy_inputs() const;
  void put(const Inputs& inputs);
  void copy_from(const Element* const* inputs);
  void make_inputs_read_only();
  void make_inputs_writable();

  void mark_margins(Element mark);
  bool margins_intact() const;

 private:
  template <class Call>
  bool guarded(Call call);

  Place place_;
  std::vector<std::int64_t> elements_;
  std::vector<Memory> inputs_;
  std::vector<Element*> input_pointers_;
  Memory output_;
  Memory workspace_;
  std::optional<Runnable> kernel_;
  int threads_ = 1;
  Element mark_ = 0;
  std::uint64_t mode_;
  bool mode_kept_ = true;
  std::string fault_;
  bool touched_beyond_ = false, wrote_to_input_ = false;
};

}  // namespace trilbench
