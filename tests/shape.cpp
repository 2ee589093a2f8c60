// Shapes as people type them: what is wrong must be named, and nothing wrong may get through to an
// allocation.
#include "suite/shape.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "suite/registry.hpp"

namespace {

using namespace trilbench;

const Operation& causal_mean() { return *operation_named("causal_mean"); }
const Operation& broadcast_matmul() { return *operation_named("broadcast_matmul"); }

std::string complaint(const char* text, const Operation& operation = causal_mean()) {
  try {
    parse_shape(operation, text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("shapes are read in the order of the axes") {
  const Problem problem = parse_shape(causal_mean(), "8x1024x64", 3);
  CHECK(problem.sizes[0] == 8);
  CHECK(problem.sizes[1] == 1024);
  CHECK(problem.sizes[2] == 64);
  CHECK(problem.threads == 3);
  CHECK(parse_shape(causal_mean(), "1x1x1").threads == 1);
  CHECK(shape_text(causal_mean(), problem) == "8x1024x64");
}

TEST_CASE("every bad shape is refused in one line that names what is wrong and what would be right") {
  struct Bad {
    const char* text;
    const char* names;
  };
  for (const Bad& bad : {Bad{"0x8x2", "'0' is less than 1"},
                         Bad{"-1x8x2", "'-1' is less than 1"},
                         Bad{"8x8", "has 2 sizes, not 3"},
                         Bad{"8", "has 1 size, not 3"},
                         Bad{"1x2x3x4", "has more than 3 sizes"},
                         Bad{"axbxc", "'a' is not a whole number"},
                         Bad{"8x8xb", "'b' is not a whole number"},
                         Bad{"", "'' is not a whole number"},
                         Bad{"x", "'' is not a whole number"},
                         Bad{"8xx2", "'' is not a whole number"},
                         Bad{"8x8x", "'' is not a whole number"},
                         Bad{"x8x8", "'' is not a whole number"},
                         Bad{"8x8x2 ", "'2 ' is not a whole number"},
                         Bad{" 8x8x2", "' 8' is not a whole number"},
                         Bad{"+8x8x2", "'+8' is not a whole number"},
                         Bad{"8X8X2", "'8X8X2' is not a whole number"},
                         Bad{"8x1e3x2", "'1e3' is not a whole number"},
                         Bad{"8x8.0x2", "'8.0' is not a whole number"},
                         Bad{"0x10x8x2", "'0' is less than 1"},
                         Bad{"8,8,2", "'8,8,2' is not a whole number"},
                         Bad{"1x99999999999999999999x1", "'99999999999999999999' is too large"},
                         Bad{"4294967296x4294967296x2", "the product of the sizes is too large"},
                         Bad{"3000000000x3000000000x3000000000", "the product of the sizes is too large"},
                         Bad{"9223372036854775807x1x1", "the product of the sizes is too large"}}) {
    const std::string message = complaint(bad.text);
    INFO("'" << std::string(bad.text) << "': " << message);
    CHECK(contains(message, "shape '" + std::string(bad.text) + "': "));
    CHECK(contains(message, bad.names));
    CHECK(contains(message, "causal_mean takes BxTxC, whole numbers from 1, as in 8x1024x64"));
    CHECK(!contains(message, "\n"));
  }
}

std::vector<std::int64_t> sizes_of(const Problem& problem, std::size_t axis) {
  const auto sizes = tensor_shape(problem, axis);
  return {sizes.begin(), sizes.end()};
}

TEST_CASE("an axis may be the shape of a tensor") {
  const Problem problem = parse_shape(broadcast_matmul(), "3x1x2x2@5x2x3", 2);
  CHECK(sizes_of(problem, 0) == std::vector<std::int64_t>{3, 1, 2, 2});
  CHECK(sizes_of(problem, 1) == std::vector<std::int64_t>{5, 2, 3});
  CHECK(problem.threads == 2);
  CHECK(broadcast_matmul().rows(problem) == 3 * 5 * 2);
  CHECK(broadcast_matmul().columns(problem) == 3);
  CHECK(axes_text(broadcast_matmul()) == "X@Y");
  CHECK(axis_text(broadcast_matmul(), problem, 1) == "5x2x3");
  for (const char* text : {"3x1x2x2@5x2x3", "1x1@1x1", "8x8@4x8x2", "2x1x3x1x5x7@4x1x6x7x9"})
    CHECK(shape_text(broadcast_matmul(), parse_shape(broadcast_matmul(), text)) == text);
}

TEST_CASE("the places of an axis may go in groups") {
  const Operation& attention = *operation_named("causal_attention");
  const Problem problem = parse_shape(attention, "1x8g2x1024x64");
  CHECK(attention.rows(problem) == 8 * 1024);
  CHECK(attention.input_elements(problem, 0) == 8 * 1024 * 64);
  CHECK(attention.input_elements(problem, 1) == 2 * 1024 * 64);
  for (const char* text : {"1x8g2x1024x64", "1x8g1x16x5", "2x3x7x64", "1x1x1x1"})
    CHECK(shape_text(attention, parse_shape(attention, text)) == text);
  CHECK(shape_text(attention, parse_shape(attention, "1x8g8x4x4")) == "1x8x4x4");
  CHECK(contains(complaint("1x8g3x4x4", attention), "3 groups do not divide 8"));
  CHECK(contains(complaint("1x8g16x4x4", attention), "16 groups do not divide 8"));
  CHECK(contains(complaint("1x8g0x4x4", attention), "'0' is less than 1"));
  CHECK(contains(complaint("1x8gx4x4", attention), "'' is not a whole number"));
  CHECK(contains(complaint("1xg2x4x4", attention), "'' is not a whole number"));
  CHECK(contains(complaint("1x8g2g1x4x4", attention), "'2g1' is not a whole number"));
  CHECK(contains(complaint("2g1x8x4x4", attention), "'2g1' is not a whole number"));
  CHECK(contains(complaint("1x8x4x4g2", attention), "H perhaps in groups like 8g2"));
  CHECK(contains(complaint("8g2x4x4"), "'8g2' is not a whole number"));
}

TEST_CASE("tensors that are no shapes, or do not go together, are refused in one line that says why") {
  struct Bad {
    const char* text;
    const char* names;
  };
  for (const Bad& bad :
       {Bad{"3x4@5x2", "the last size of X and the last but one of Y, 4 and 5, differ"},
        Bad{"2x3x4@3x4x2", "two sizes that are to be broadcast, 2 and 3, differ and neither is 1"},
        Bad{"2x1x3x4@3x7x4x2", "two sizes that are to be broadcast, 2 and 3, differ"},
        Bad{"4@4x2", "a matrix has two sizes"},
        Bad{"4x2@2", "a matrix has two sizes"},
        Bad{"3x4", "has 1 tensor, not 2"},
        Bad{"3x4x5", "has 1 tensor, not 2"},
        Bad{"", "has 1 tensor, not 2"},
        Bad{"3x4@", "'' is not a whole number"},
        Bad{"@4x3", "'' is not a whole number"},
        Bad{"3x4@@4x3", "has more than 2 tensors"},
        Bad{"3x4@4x3@3x2", "has more than 2 tensors"},
        Bad{"1x1x1x1x1x3x4@4x3", "'1x1x1x1x1x3x4' has more than 6 sizes"},
        Bad{"0x4@4x3", "'0' is less than 1"},
        Bad{"3x-4@-4x3", "'-4' is less than 1"},
        Bad{"3x4@4xy", "'y' is not a whole number"},
        Bad{"3 x4@4x3", "'3 ' is not a whole number"},
        Bad{"99999999999999999999x4@4x3", "'99999999999999999999' is too large"},
        Bad{"4294967296x4294967296@4294967296x1", "the product of the sizes is too large"},
        Bad{"4294967296x1@1x4294967296", "the output is too large"},
        Bad{"1048576x1x1048576x1@1048576x1x1048576", "the output is too large"}}) {
    const std::string message = complaint(bad.text, broadcast_matmul());
    INFO("'" << std::string(bad.text) << "': " << message);
    CHECK(contains(message, "shape '" + std::string(bad.text) + "': "));
    CHECK(contains(message, bad.names));
    CHECK(contains(message,
                   "broadcast_matmul takes X@Y, each a tensor's shape of whole numbers from 1, as in "
                   "3x1x2x2@5x2x3"));
    CHECK(!contains(message, "\n"));
  }
}

TEST_CASE("the example of every operation is a shape of it") {
  for (const Operation* operation : operations()) {
    INFO(std::string(operation->name));
    REQUIRE(operation->example);
    CHECK(complaint(operation->example, *operation) == "");
  }
}

TEST_CASE("the largest arrays are 2^47 bytes together") {
  CHECK(complaint("4194304x4194304x1") == "");  // 2^44 floats, twice
  CHECK(contains(complaint("4194304x4194305x1"), "inputs and output are too large"));
  CHECK(complaint("4194304x1@1x8388600", broadcast_matmul()) == "");
  CHECK(contains(complaint("4194304x1@1x8388608", broadcast_matmul()), "inputs and output are too large"));
}

TEST_CASE("data is inputs and output, without overflow") {
  CHECK(data_bytes(causal_mean(), parse_shape(causal_mean(), "2x3x5")) == 2 * 30 * 4);
  CHECK(data_bytes(causal_mean(), {.sizes = {1073741824, 1073741824, 1}, .threads = 1}) == 0x1p63);
}

}  // namespace
