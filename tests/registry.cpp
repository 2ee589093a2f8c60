// The generated tables: every file became the row that its place says.
#include "suite/registry.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

using namespace trilbench;

/// What the table in the generated file lists: "<namespace>::<folder>::<file>" of each row.
std::vector<std::string> listed_rows() {
  std::ifstream table(TRILBENCH_TABLE_FILE);
  REQUIRE_MESSAGE(table, "cannot read " TRILBENCH_TABLE_FILE);
  std::vector<std::string> rows;
  for (std::string line; std::getline(table, line);)
    if (const auto at = line.find("    &"); at == 0 && line.find("::operation,") == std::string::npos)
      rows.push_back(line.substr(5, line.size() - 6));
  return rows;
}

TEST_CASE("every row carries its folder's, its file's and its instruction set's name") {
  const std::vector<std::string> listed = listed_rows();
  REQUIRE(listed.size() == implementations().size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const Implementation& row = *implementations()[i];
    std::string isa(name_of(row.isa));
    if (isa.starts_with("auto-")) isa[4] = '_';
    CHECK(isa + "::" + row.operation + "::" + row.name == listed[i]);
  }
}

TEST_CASE("rows are complete") {
  for (const Implementation* row : implementations()) {
    INFO(std::string(row->operation) << "/" << std::string(row->name) << "/" << name_of(row->isa));
    CHECK(operation_named(row->operation));
    CHECK(row->idea);
    CHECK(std::string_view(row->idea) != "");
    CHECK((row->flops && row->run));
  }
}

TEST_CASE("rows are sorted by operation, name and instruction set, and none is there twice") {
  const auto rows = implementations();
  const auto key = [](const Implementation* row) {
    return std::tuple(std::string_view(row->operation), std::string_view(row->name), row->isa);
  };
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(key(rows[i - 1]) < key(rows[i]));
}

TEST_CASE("operations have distinct names, are found by them, and have a way that every CPU can run") {
  CHECK(!operations().empty());
  CHECK(operation_named("no such operation") == nullptr);
  for (const Operation* operation : operations()) {
    INFO(std::string(operation->name));
    CHECK(operation_named(operation->name) == operation);
    bool runs_anywhere = false;
    for (const Implementation* row : implementations())
      runs_anywhere = runs_anywhere || (row->operation == std::string_view(operation->name) &&
                                        row->role == Role::way && row->isa == Isa::scalar);
    CHECK(runs_anywhere);
  }
}

}  // namespace
