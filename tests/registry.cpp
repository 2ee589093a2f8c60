// The generated tables: every file became the variants that its place says.
#include "suite/registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

using namespace trilbench;

TEST_CASE(
    "every variant carries the names of the folder, the file and the instruction set that it is made of") {
  std::ifstream table(TRILBENCH_TABLE_FILE);
  REQUIRE_MESSAGE(table, "cannot read " TRILBENCH_TABLE_FILE);
  // {"<operation>", "<name>", Isa::<set>, &<set>::<operation>::<name>},
  const std::regex form(R"re(\s*\{"(\w+)", "(\w+)", Isa::(\w+), &(\w+)::(\w+)::(\w+)\},)re");
  std::size_t listed = 0;
  for (std::string line; std::getline(table, line);) {
    std::smatch parts;
    if (!std::regex_match(line, parts, form)) continue;
    CAPTURE(line);
    CHECK(parts[1] == parts[5]);
    CHECK(parts[2] == parts[6]);
    CHECK(parts[3] == parts[4]);
    REQUIRE(listed < variants().size());
    const Variant& variant = variants()[listed++];
    std::string isa(isa_text(variant));
    std::ranges::replace(isa, '-', '_');
    CHECK(variant.operation == parts[1].str());
    CHECK(variant.name == parts[2].str());
    CHECK(isa == parts[3].str());
  }
  CHECK(listed == variants().size());
}

TEST_CASE("every file of an operation is in the table") {
  using Names = std::set<std::pair<std::string, std::string>>;
  Names files, listed;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TRILBENCH_OPERATIONS_FOLDER)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".cpp" && path.stem() != "operation")
      files.emplace(path.parent_path().filename(), path.stem());
  }
  for (const Variant& variant : variants()) listed.emplace(variant.operation, variant.name);
  CHECK(files == listed);
}

TEST_CASE("variants are complete, sorted by operation, name and instruction set, and none is there twice") {
  const auto key = [](const Variant& variant) {
    return std::tuple(std::string_view(variant.operation), std::string_view(variant.name), *variant.isa);
  };
  const auto table = variants();
  for (std::size_t i = 0; i < table.size(); ++i) {
    INFO(std::string(table[i].operation) << "/" << table[i].name << "/" << isa_text(table[i]));
    CHECK(operation_named(table[i].operation));
    CHECK(table[i].implementation->idea != nullptr);
    if (i > 0) CHECK(key(table[i - 1]) < key(table[i]));
  }
}

TEST_CASE("operations have distinct names, are found by them, and have a variant that every CPU can run") {
  CHECK(!operations().empty());
  CHECK(operation_named("no such operation") == nullptr);
  for (const Operation* operation : operations()) {
    INFO(std::string(operation->name));
    CHECK(operation_named(operation->name) == operation);
    CHECK(std::ranges::any_of(variants(), [&](const Variant& variant) {
      return variant.operation == std::string_view(operation->name) &&
             variant.implementation->role == Role::method && variant.isa == Isa::scalar;
    }));
  }
}

}  // namespace
