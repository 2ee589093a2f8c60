#include "harness/out_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace trilbench::bench {

OutFile::OutFile(std::string name) : name_(std::move(name)) {
  if (name_.empty()) return;
  std::error_code unknown;
  if (std::filesystem::is_directory(name_, unknown))
    throw std::runtime_error("cannot write '" + name_ + "': it is a folder");
  part_ = name_ + ".part";
  errno = 0;
  if (!std::ofstream(part_))
    throw std::runtime_error("cannot write '" + part_ + "': " + std::strerror(errno));
}

void OutFile::publish() const {
  if (name_.empty()) return;
  std::error_code error;
  const bool written = std::filesystem::file_size(part_, error) > 0 && !error;
  if (written)
    std::filesystem::rename(part_, name_, error);
  else if (!error)
    std::filesystem::remove(part_, error);
  if (error) throw std::runtime_error("cannot write '" + name_ + "': " + error.message());
}

}  // namespace trilbench::bench
