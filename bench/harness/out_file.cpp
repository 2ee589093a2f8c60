#include "harness/out_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace trilbench::bench {
namespace {

/// Google Benchmark does not look whether its writes succeed: on a full disk the end is missing.
bool whole(const std::string& name) {
  std::ifstream file(name);
  char first = 0, last = 0;
  for (char c; file >> c; last = c)
    if (!first) first = c;
  return first != '{' || last == '}';
}

}  // namespace

OutFile::OutFile(std::string name) : name_(std::move(name)), part_(name_.empty() ? "" : name_ + ".part") {}

OutFile::~OutFile() {
  std::error_code gone_already;
  if (created_) std::filesystem::remove(part_, gone_already);
}

void OutFile::create() {
  if (name_.empty()) return;
  std::error_code missing;
  if (std::filesystem::exists(name_, missing) && !std::filesystem::is_regular_file(name_, missing))
    throw std::runtime_error("cannot write '" + name_ + "': it is no ordinary file");
  errno = 0;
  if (!std::ofstream(part_))
    throw std::runtime_error("cannot write '" + part_ + "': " + std::strerror(errno));
  created_ = true;
}

void OutFile::publish(bool measured) {
  if (!created_) return;
  std::error_code error;
  const bool empty = std::filesystem::file_size(part_, error) == 0;
  if (!whole(part_) || (empty && measured))
    throw std::runtime_error("cannot write '" + name_ + "': the result is cut off; is the disk full?");
  if (!empty && !error) std::filesystem::rename(part_, name_, error);
  if (error) throw std::runtime_error("cannot write '" + name_ + "': " + error.message());
}

}  // namespace trilbench::bench
