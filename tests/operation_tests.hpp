// What the tests of every operation share. Each operation has a file <operation>.cpp, with problems chosen to
// find the seams of its implementations: the ends of vectors, tiles, blocks and threads' parts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/verify/verify.hpp"

namespace trilbench {

/// The kernels with odd tunings (tests/odd_tunings/).
std::span<const Variant> odd_tunings();

using Shapes = std::vector<std::string>;

/// "2x17x5"
std::string shape_of(std::initializer_list<std::int64_t> sizes);

/// A shape, and the elements of its arrays as worked out apart from the operation.
struct Edge {
  std::string shape;
  long double elements;
};

/// The shapes of numbered axes of which each alone, then any together, have this size; the others are 1.
std::vector<Edge> edges_of_axes(int axes, std::int64_t size,
                                long double (*elements)(const long double* sizes));

/// An operation, and what the tests of all operations look at. One stands in each operation's file.
struct OperationTests {
  /// `shapes`: a problem of each kind that implementations tell apart, quick enough for emulators; two at
  /// least of no more than 2000 elements, each of which the test of the traffic tries. `edges`: shapes with
  /// axes of a given size, for sizes at the edges of whole numbers.
  OperationTests(const char* operation, Shapes shapes,
                 std::vector<Edge> (*edges)(std::int64_t size) = nullptr);

  const char* operation;
  Shapes shapes;
  std::vector<Edge> (*edges)(std::int64_t size);
};
std::span<const OperationTests> tests_of_operations();

/// What is looked at.
struct Extent {
  double most_flops = 1e7;  // of a call; variants whose method takes more are left out
  CheckSet checks = CheckSet::all();
  std::vector<int> threads = {1};
  const Machine* machine = nullptr;
};

/// Verifies every variant of the operation, and the same kernels with odd tunings, each in a subcase. Those
/// that this CPU cannot run are named.
void verify_variants(std::string_view operation, const Shapes& shapes, const Extent& extent = {});

}  // namespace trilbench
