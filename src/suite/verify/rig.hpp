// The buffers of one row and one problem, placed where a check wants them, and guarded calls on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "suite/verify/guarded_call.hpp"
#include "suite/implementation.hpp"
#include "suite/memory.hpp"
#include "suite/operation.hpp"

namespace trilbench {

/// Where the buffers of a rig lie. The workspace has its promised alignment everywhere.
enum class Place {
  aligned,
  shifted,     // inputs and output by one and two floats: alignment is no kernel's right
  ends_page,   // the first byte behind each buffer cannot be touched
  starts_page  // nor the last byte before it
};

class Rig {
 public:
  Rig(const Operation& operation, const Implementation& row, const Problem& problem,
      Place place = Place::aligned);

  void fill(const Fill& fill, std::uint32_t round) { fill.fill(problem_, round, input_pointers_.data()); }

  /// Prepares a workspace of NaN, as memory may hold anything. False if it faulted.
  bool prepare();

  /// Computes into an output of NaN. False if it faulted.
  bool run();

  /// What the last call did that it may not: "writes to an input".
  const std::string& fault() const { return fault_; }

  /// Whether no call so far has left another floating-point mode behind.
  bool mode_kept() const { return mode_kept_; }

  float* const* inputs() const { return input_pointers_.data(); }
  float* output() const { return output_.as<float>(); }
  std::vector<float> output_copy() const { return {output(), output() + output_elements_}; }
  bool output_is(const std::vector<float>& other) const;

  using InputCopies = std::vector<std::vector<float>>;
  InputCopies copy_inputs() const;
  void put_back(const InputCopies& copies);
  void make_inputs_read_only();

  void mark_margins(float mark);
  bool margins_intact();

 private:
  template <class Call>
  bool guarded(Call& call);
  std::string told(const Fault& fault) const;
  template <class Visit>
  void for_each_block(Visit visit);

  const Implementation& row_;
  Problem problem_;
  std::vector<Memory> inputs_;
  std::vector<float*> input_pointers_;
  std::vector<std::int64_t> input_elements_;
  Memory output_;
  std::int64_t output_elements_ = 0;
  Memory workspace_;
  std::size_t workspace_bytes_ = 0;
  bool mode_kept_ = true;
  std::string fault_;
};

}  // namespace trilbench
