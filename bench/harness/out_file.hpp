// A result file that appears under its name only when it is complete.
#pragma once

#include <string>

namespace trilbench::bench {

/// Google Benchmark writes to part(); publish() gives the file its name. A program that is killed between
/// leaves whatever bore the name before.
class OutFile {
 public:
  /// An empty name means no file.
  explicit OutFile(std::string name);
  ~OutFile();  // removes what was not published
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  const std::string& part() const { return part_; }

  /// Throws std::runtime_error if the file cannot be written.
  void create();

  /// Throws std::runtime_error if the file cannot be renamed, or is not whole. If nothing was measured and
  /// nothing written, nothing appears.
  void publish(bool measured);

 private:
  std::string name_;
  std::string part_;
  bool created_ = false;
};

}  // namespace trilbench::bench
