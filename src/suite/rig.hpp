// The buffers of one row and one problem, placed where a check wants them, and guarded calls on them.
#pragma once

#include <cstdint>
#include <vector>

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

  /// Prepares a workspace of NaN, as memory may hold anything. False if a page was touched that may not be.
  bool prepare();

  /// Computes into an output of NaN. False if a page was touched that may not be.
  bool run();

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
};

}  // namespace trilbench
