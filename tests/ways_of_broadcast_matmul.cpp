// broadcast_matmul: sizes beside those of vectors, tiles and packed strips, and every way to broadcast.
#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "verify_rows.hpp"

namespace {

using namespace trilbench;

std::vector<Problem> problems_of(const std::vector<std::string>& shapes) {
  const Operation* operation = operation_named("broadcast_matmul");
  REQUIRE(operation);
  std::vector<Problem> problems;
  for (const std::string& shape : shapes) problems.push_back(parse_shape(*operation, shape));
  return problems;
}

struct Batches {
  const char* X;
  const char* Y;
};

std::string shape_of(const Batches& batches, int M, int K, int N) {
  return batches.X + std::to_string(M) + "x" + std::to_string(K) + "@" + batches.Y + std::to_string(K) + "x" +
         std::to_string(N);
}

// Sizes that differ wherever they may, so that no step can be taken for another.
constexpr Batches every_broadcast[] = {
    {"", ""},
    // on one side
    {"5x", ""},
    {"", "5x"},
    {"5x", "1x"},
    {"1x", "5x"},
    {"2x3x", "3x"},
    {"3x", "2x3x"},
    {"2x3x", "2x1x"},
    {"2x1x", "2x3x"},
    // on both, in different dimensions
    {"3x1x", "4x"},
    {"4x", "3x1x"},
    {"2x1x3x", "5x1x"},
    {"5x1x", "2x1x3x"},
    {"2x1x3x1x", "1x4x1x2x"},
    {"1x4x1x2x", "2x1x3x1x"},
    {"2x1x1x3x", "1x2x2x3x"},
    // nowhere
    {"7x", "7x"},
    {"2x3x2x", "2x3x2x"},
};

TEST_CASE("broadcast_matmul: one problem of each kind") {  // quick enough for emulators
  verify_rows("broadcast_matmul: one*", "broadcast_matmul",
              problems_of({"1x1@1x1", "3x1x2x2@5x2x3", "6x4x2@3x1x2x2", "8x8@4x8x2", "5x4x4@5x4x4",
                           "2x33x19@19x37", "40x130@130x141"}),
              1e7);
}

TEST_CASE("broadcast_matmul: every way to broadcast, tiny matrices and some of several tiles") {
  std::vector<std::string> shapes;
  for (const Batches& batches : every_broadcast) {
    shapes.push_back(shape_of(batches, 2, 2, 2));
    shapes.push_back(shape_of(batches, 3, 2, 5));
    shapes.push_back(shape_of(batches, 19, 3, 70));
  }
  verify_rows("broadcast_matmul: every way*", "broadcast_matmul", problems_of(shapes), 1e6);
}

TEST_CASE("broadcast_matmul: sizes up to 17") {
  std::mt19937 engine(17);
  const auto up_to = [&engine](unsigned most) { return static_cast<int>(1 + engine() % most); };
  std::vector<std::string> shapes;
  for (int size = 1; size <= 17; ++size) {
    shapes.push_back(shape_of({"3x", "3x"}, size, size, size));
    shapes.push_back(shape_of({"2x", "2x"}, size, up_to(17), up_to(17)));
    shapes.push_back(shape_of({"3x", ""}, up_to(17), size, up_to(17)));
    shapes.push_back(shape_of({"", "3x"}, up_to(17), up_to(17), size));
  }
  verify_rows("broadcast_matmul: sizes*", "broadcast_matmul", problems_of(shapes), 1e6);
}

TEST_CASE("broadcast_matmul: beside the edges of vectors and tiles") {
  std::mt19937 engine(4);
  std::vector<std::string> shapes;
  for (const int N : {15, 16, 17, 31, 33, 47, 49, 63, 64, 65, 80, 81, 129})
    shapes.push_back(shape_of({"2x", "2x"}, static_cast<int>(1 + engine() % 30), 9, N));
  for (int M = 18; M <= 38; ++M) shapes.push_back(shape_of({"", ""}, M, 5, M % 2 ? 64 : 19));
  verify_rows("broadcast_matmul: beside*", "broadcast_matmul", problems_of(shapes), 1e6);
}

TEST_CASE("broadcast_matmul: large matrices") {
  verify_rows("broadcast_matmul: large*", "broadcast_matmul",
              problems_of({"33x260@260x130", "2x40x70@3x1x70x257", "3x300@300x90", "1x1000@1000x33",
                           "300x70@70x1", "33x4100@4100x20"}),
              6e6);
}

}  // namespace
