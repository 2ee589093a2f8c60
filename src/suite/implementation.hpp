// One way to compute an operation: a row of plain data and function pointers.
//
// Files that are compiled for an instruction set include this header, so it holds no functions: an inline
// function compiled with AVX-512 flags and merged by the linker into a baseline object is a crash on
// somebody's machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "suite/isa.hpp"
#include "suite/problem.hpp"

namespace trilbench {

enum class Element { f32 };

/// What a row is for.
enum class Role {
  way,      // computes the operation
  traffic,  // a limit: reads every input byte and writes every output byte once, in the operation's order
};

struct Implementation {
  const char* operation;  // the folder, such as "causal_mean"
  const char* name;       // the file, such as "prefix_mean"
  Isa isa;
  const char* idea;  // one line for people

  Element element = Element::f32;
  Role role = Role::way;

  /// Why this implementation does not take the problem, or nullptr if it does.
  const char* (*refuses)(const Problem&) = nullptr;

  /// Bytes of scratch memory that `prepare` and `run` get, aligned to 64.
  std::size_t (*workspace_bytes)(const Problem&) = nullptr;

  /// The useful floating-point operations of this method: what it must compute, not what padding adds.
  double (*flops)(const Problem&);

  /// The number of roundings n that the result in this output row can have seen, if it is smaller than what
  /// the operation allows; the file's header derives it. The error bound is u |y*| + n u / (1 - n u) M + h.
  double (*roundings)(const Problem&, std::int64_t row) = nullptr;

  /// Builds in the workspace what depends on the sizes alone. Timed apart from `run`.
  void (*prepare)(const Problem&, void* workspace) = nullptr;

  /// Computes the output. Allocates nothing, throws nothing, writes only its output and its workspace.
  /// Pointers may have any alignment that float has.
  void (*run)(const Problem&, const float* const* inputs, float* output, void* workspace);
};

}  // namespace trilbench
