// A result file that appears under its name only when it is complete.
#pragma once

#include <string>

namespace trilbench::bench {

/// Google Benchmark writes to part(); publish() gives the file its name. A program that is killed between
/// leaves whatever bore the name before.
class OutFile {
 public:
  /// Throws std::runtime_error if the file cannot be written. An empty name means no file.
  explicit OutFile(std::string name);

  const std::string& part() const { return part_; }

  /// Throws std::runtime_error if the file cannot be renamed. If nothing was written, nothing appears.
  void publish() const;

 private:
  std::string name_;
  std::string part_;
};

}  // namespace trilbench::bench
