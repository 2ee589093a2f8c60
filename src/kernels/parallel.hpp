// A team of OpenMP threads, and how work is cut into parts for it.
//
// One thread never enters a parallel region: even an empty one of one thread costs a fifth of a microsecond
// (docs/method.md).
#pragma once

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>

namespace trilbench::TRILBENCH_ISA {

/// The thread that runs a body, among `size`. The team can be smaller than what was asked for, so work is cut
/// into parts by the number asked for, and each thread takes every size-th part: the result does not depend
/// on the team.
struct Team {
  int thread;
  int size;

  void barrier() const {
    if (size == 1) return;
#pragma omp barrier
  }

  template <class Work>
  void each_part(int parts, const Work& work) const {
    for (int part = thread; part < parts; part += size) work(part);
  }
};

/// Calls body(Team) on every thread of a team of at most `threads`, and returns when all are done.
template <class Body>
void parallel(int threads, const Body& body) {
  if (threads == 1) return body(Team{0, 1});
#pragma omp parallel num_threads(threads)
  body(Team{omp_get_thread_num(), omp_get_num_threads()});
}

/// What a plan works out once for each part of its work: plain data of type T, in memory that the plan is
/// given.
template <class T>
class PartTable {
 public:
  explicit PartTable(int parts) : parts_(parts) {}

  int parts() const { return parts_; }

  /// A multiple of 64.
  std::size_t bytes() const { return (static_cast<std::size_t>(parts_) * sizeof(T) + 63) / 64 * 64; }

  /// of_part(part): the value.
  template <class OfPart>
  void prepare(void* table, const OfPart& of_part) const {
    for (int part = 0; part < parts_; ++part) new (static_cast<T*>(table) + part) T(of_part(part));
  }

  /// Calls body(value, part) for those that are the thread's.
  template <class Body>
  void each_part(Team team, const void* table, const Body& body) const {
    team.each_part(parts_, [&](int part) { body(static_cast<const T*>(table)[part], part); });
  }

  /// The memory behind the table.
  std::byte* behind(void* table) const { return static_cast<std::byte*>(table) + bytes(); }

 private:
  int parts_;
};

struct Range {
  std::int64_t begin;
  std::int64_t end;

  std::int64_t size() const { return end - begin; }
};

/// The `part`-th of `parts` pieces whose ends lie where end_of(part) says, the whole being `count`.
template <class EndOf>
Range part_between(std::int64_t count, int part, int parts, const EndOf& end_of) {
  return {part == 0 ? 0 : end_of(part), part + 1 == parts ? count : end_of(part + 1)};
}

/// The `part`-th of `parts` nearly equal pieces of `count` floats. They meet at multiples of 64 bytes, so
/// that no two threads write to one line of an aligned array.
inline Range part_of_floats(std::int64_t count, int part, int parts) {
  constexpr std::int64_t line = 64 / sizeof(float);
  const std::int64_t lines = (count + line - 1) / line;
  return part_between(count, part, parts, [=](int i) { return std::min(lines * i / parts * line, count); });
}

/// The `part`-th of `parts` pieces of equal area, among `batches` triangles of `rows` rows laid end to end,
/// by index of a row: batch * rows + row. Cut at multiples of `unit` rows of a triangle. (One that is cut at
/// half its rows is split 25 to 75.)
inline Range part_of_triangles(std::int64_t batches, std::int64_t rows, int unit, int part, int parts) {
  return part_between(batches * rows, part, parts, [=](int i) {
    const double area = 0.5 * static_cast<double>(rows) * static_cast<double>(rows + 1);
    const double before = area * static_cast<double>(batches) * i / parts;
    const auto batch = static_cast<std::int64_t>(before / area);
    const double within = before - area * static_cast<double>(batch);
    const auto row = static_cast<std::int64_t>((std::sqrt(8 * within + 1) - 1) / 2);
    return batch * rows + std::min(rows, (row + unit / 2) / unit * unit);
  });
}

/// The `part`-th of `parts` pieces of a matrix's rows whose lower triangle is worked on and whose other half
/// is only cleared, cut at multiples of `unit`. Whatever stands in it, an element of a row costs `each`, in
/// units of what one of the triangle costs on top.
inline Range part_of_masked_rows(std::int64_t rows, int unit, double each, int part, int parts) {
  return part_between(rows, part, parts, [=](int i) {
    // n (n / 2 + each rows) is the cost of the first n rows.
    const double n = std::sqrt(each * each + (1 + 2 * each) * i / parts) - each;
    return static_cast<std::int64_t>(n * static_cast<double>(rows)) / unit * unit;
  });
}

/// Says how a plan cuts its work.
template <class Explanation>
void explain_threads(Explanation& say, int parts, const char* cut) {
  if (parts == 1) return say("threads", "one, which enters no parallel region");
  say("threads", parts, ", ", cut);
}

}  // namespace trilbench::TRILBENCH_ISA
