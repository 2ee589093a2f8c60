// Shapes as people type them: what is wrong must be named, and nothing wrong may get through to an
// allocation.
#include "suite/shape.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "suite/registry.hpp"

namespace {

using namespace trilbench;

const Operation& causal_mean() { return *operation_named("causal_mean"); }

std::string complaint(const char* text) {
  try {
    parse_shape(causal_mean(), text);
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
    CHECK(contains(message, "causal_mean takes BxTxC"));
    CHECK(!contains(message, "\n"));
  }
}

TEST_CASE("the largest shapes are 2^62 bytes") {
  CHECK(complaint("1073741824x1073741824x1") == "");  // 2^60 floats
  CHECK(contains(complaint("1073741824x1073741824x2"), "too large"));
}

TEST_CASE("data is inputs and output, without overflow") {
  CHECK(data_bytes(causal_mean(), parse_shape(causal_mean(), "2x3x5")) == 2 * 30 * 4);
  CHECK(data_bytes(causal_mean(), parse_shape(causal_mean(), "1073741824x1073741824x1")) == 0x1p63);
}

}  // namespace
