// broadcast_matmul: sizes beside those of vectors, tiles and packed strips, and every kind of broadcast.
#include <doctest/doctest.h>

#include <random>

#include "operation_tests.hpp"

namespace {

using namespace trilbench;

/// M, K and N, each alone, then any of them together; then dimensions of the batch.
std::vector<Edge> edges(std::int64_t size) {
  std::vector<Edge> found;
  for (int which = 1; which < 8; ++which) {
    const auto of = [&](int bit) { return which & bit ? size : 1; };
    const auto M = static_cast<long double>(of(1)), K = static_cast<long double>(of(2)),
               N = static_cast<long double>(of(4));
    found.push_back({trilbench::shape_of({of(1), of(2)}) + "@" + trilbench::shape_of({of(2), of(4)}),
                     M * K + K * N + M * N});
  }
  const auto E = static_cast<long double>(size);
  const std::string e = std::to_string(size);
  found.push_back({e + "x1x1@1x1", 2 * E + 1});
  found.push_back({"2x3@" + e + "x3x1", 6 + 5 * E});
  found.push_back({e + "x1x2x1@" + e + "x1x3", 2 * E + 3 * E + 6 * E * E});
  return found;
}

const OperationTests of_broadcast_matmul{"broadcast_matmul",
                                         {"1x1@1x1", "3x1x2x2@5x2x3", "6x4x2@3x1x2x2", "8x8@4x8x2",
                                          "5x4x4@5x4x4", "2x33x19@19x37", "40x130@130x141"},
                                         edges};

struct Batches {
  const char* X;
  const char* Y;
};

std::string shape_of(const Batches& batches, int M, int K, int N) {
  return batches.X + trilbench::shape_of({M, K}) + "@" + batches.Y + trilbench::shape_of({K, N});
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
  verify_variants("broadcast_matmul", of_broadcast_matmul.shapes);
}

TEST_CASE("broadcast_matmul: every kind of broadcast, tiny matrices and some of several tiles") {
  Shapes shapes;
  for (const Batches& batches : every_broadcast) {
    shapes.push_back(shape_of(batches, 2, 2, 2));
    shapes.push_back(shape_of(batches, 2, 3, 4));
    shapes.push_back(shape_of(batches, 5, 4, 4));
    shapes.push_back(shape_of(batches, 3, 2, 5));
    shapes.push_back(shape_of(batches, 19, 3, 70));
  }
  verify_variants("broadcast_matmul", shapes, {.most_flops = 1e6});
}

TEST_CASE("broadcast_matmul: sizes up to 17") {
  std::mt19937 engine(17);
  const auto up_to = [&engine](unsigned most) { return static_cast<int>(1 + engine() % most); };
  Shapes shapes;
  for (int size = 1; size <= 17; ++size) {
    shapes.push_back(shape_of({"3x", "3x"}, size, size, size));
    shapes.push_back(shape_of({"2x", "2x"}, size, up_to(17), up_to(17)));
    shapes.push_back(shape_of({"3x", ""}, up_to(17), size, up_to(17)));
    shapes.push_back(shape_of({"", "3x"}, up_to(17), up_to(17), size));
  }
  verify_variants("broadcast_matmul", shapes, {.most_flops = 1e6});
}

TEST_CASE("broadcast_matmul: beside the edges of vectors and tiles") {
  std::mt19937 engine(4);
  Shapes shapes;
  for (const int N : {15, 16, 17, 31, 33, 47, 49, 63, 64, 65, 80, 81, 129})
    shapes.push_back(shape_of({"2x", "2x"}, static_cast<int>(1 + engine() % 30), 9, N));
  for (int M = 18; M <= 38; ++M) shapes.push_back(shape_of({"", ""}, M, 5, M % 2 ? 64 : 19));
  verify_variants("broadcast_matmul", shapes, {.most_flops = 1e6});
}

TEST_CASE("broadcast_matmul: large matrices") {
  verify_variants("broadcast_matmul",
                  {"33x260@260x130", "2x40x70@3x1x70x257", "3x300@300x90", "1x1000@1000x33", "300x70@70x1",
                   "33x4100@4100x20", "3x1030@1030x270", "1x5000@5000x61", "37x900@900x1"},
                  {.most_flops = 6e6});
}

}  // namespace
