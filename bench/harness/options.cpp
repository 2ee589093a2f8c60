#include "harness/options.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "harness/text.hpp"
#include "suite/machine/process.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

using Names = std::vector<std::string_view>;

[[noreturn]] void reject(const std::string& why) { throw std::invalid_argument(why); }

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

Names entries(std::string_view flag, std::string_view list) {
  Names parts = split(list, ',');
  if (std::ranges::find(parts, "") != parts.end()) reject(std::string(flag) + " has an empty entry");
  return parts;
}

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (!contains(list, value)) list.push_back(value);
}

/// The flags that are given, and their values.
using Given = std::map<std::string_view, std::string_view>;

Names list_of(const Given& given, std::string_view flag) {
  return given.contains(flag) ? entries(flag, given.at(flag)) : Names();
}

template <class Number>
Number number_of(std::string_view flag, std::string_view text, Number least, Number most,
                 const std::string& what) {
  const auto value = number<Number>(text);
  if (!value || !(least <= *value && *value <= most))
    reject(std::string(flag) + ": " + in_quotes(text) + " is not " + what);
  return *value;
}

/// Whether a flag that may stand alone has a value, which can only be this.
bool is_followed(const Given& given, std::string_view flag, std::string_view only) {
  const std::string_view value = given.at(flag);
  if (!value.empty() && value != only)
    reject(std::string(flag) + ": " + in_quotes(value) + " is nothing it knows; it takes none, or " +
           std::string(only));
  return !value.empty();
}

Options::Task task_of(const Given& given) {
  using enum Options::Task;
  if (given.contains("--help")) return is_followed(given, "--help", "benchmark") ? help_benchmark : help;
  if (given.contains("--machine")) return machine;
  if (given.contains("--list")) return is_followed(given, "--list", "json") ? list_json : list;
  if (given.contains("--explain")) return is_followed(given, "--explain", "json") ? explain_json : explain;
  return measure;
}

std::vector<int> threads_of(std::string_view list) {
  const int most = allowed_threads();
  std::vector<int> threads;
  for (const std::string_view text : entries("--threads", list))
    add_once(threads, number_of("--threads", text, 1, most,
                                "a whole number from 1 to " + std::to_string(most) +
                                    ", the hardware threads that this process may use"));
  return threads;
}

/// The set of shapes of that name, or nullptr.
const Names* set_named(const Subject& subject, std::string_view name) {
  if (name == "quick") return &subject.quick;
  if (name == "full") return &subject.full;
  return name == "odd" && !subject.odd.empty() ? &subject.odd : nullptr;
}

struct Flag {
  std::string_view name;
  std::string_view argument;  // "=LIST"; "[=json]" may be left out; "": it takes none
  std::string_view help;      // its lines; {...} stands for what depends on the operation
};

constexpr Flag flags[] = {
    {"--shapes", "=LIST", "{axes}, separated by commas, or the name of a set (default quick){sets}"},
    {"--threads", "=LIST", "numbers of OpenMP threads (default 1)"},
    {"--only", "=LIST", "these implementations (default all)"},
    {"--isa", "=LIST", "these instruction sets (default all)"},
    {"--data", "=NAME", "the inputs that are timed (default normal){data}"},
    {"--seed", "=N", "of the inputs (default 1337)"},
    {"--max-call", "=SECONDS", "skip a row if one call is predicted to take longer (default 2)"},
    {"--iterations", "=FILE",
     "time the rows that the file names, a line each with the number of calls, and nothing\n"
     "beside them: no limits, no full verification (scripts/compare does that once)"},
    {"--cold", "",
     "each call works on arrays that have left the caches: so many sets alternate that\n"
     "they fill twice the last-level caches that the threads can have"},
    {"--misalign", "", "no array begins on the boundary of a vector"},
    {"--list", "[=json]", "list the rows, what they cost and why some are skipped; run nothing"},
    {"--explain", "[=json]", "tell what each row's plan chose on this machine, and why; run nothing"},
    {"--machine", "", "tell what this process runs on, as JSON; run nothing"},
    {"--help", "[=benchmark]",
     "this text, or Google Benchmark's flags, which work here too:\n"
     "--benchmark_filter=REGEX, --benchmark_out=FILE, --benchmark_repetitions=N, ...\n"
     "or variables: BENCHMARK_FILTER=REGEX"},
};
constexpr std::string_view choosing_rows[] = {"--shapes", "--threads", "--only", "--isa"};

/// "--flag=value", "--flag value" or "--flag". Google Benchmark's go to `google`.
Given read_flags(std::span<char* const> arguments, GoogleFlags& google) {
  Given given;
  while (!arguments.empty()) {
    const std::string_view argument = arguments.front();
    arguments = arguments.subspan(1);
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const auto* const flag = std::ranges::find(flags, name, &Flag::name);
    const bool is_google = name.starts_with("--benchmark_") || name == "--v";
    if (flag == std::end(flags) && !is_google) reject("unknown flag " + in_quotes(name) + "; see --help");
    const bool takes_value = is_google || !flag->argument.empty();
    std::optional<std::string_view> value;
    if (equals != argument.npos) value = argument.substr(equals + 1);
    if (value && !takes_value) reject(std::string(name) + " takes no value");
    if (takes_value && !value && !arguments.empty() &&
        !std::string_view(arguments.front()).starts_with("--")) {
      value = arguments.front();
      arguments = arguments.subspan(1);
    }
    if (is_google) {
      google.take(name, value);
      continue;
    }
    if (flag->argument.starts_with('=') && value.value_or("").empty())
      reject(std::string(name) + " needs a value");
    given[name] = value.value_or("");
  }
  return given;
}

std::vector<const Variant*> methods(const Subject& subject) {
  std::vector<const Variant*> found;
  for (const Variant& variant : subject.variants)
    if (variant.operation == subject.operation && variant.implementation->role == Role::method)
      found.push_back(&variant);
  return found;
}

/// Those that bear one of the names and are made for one of the sets; empty lists take all.
std::vector<const Variant*> choose_variants(const Subject& subject, const Names& only, const Names& isas) {
  for (const std::string_view name : isas)
    if (!isa_named(name) && name != "peer")
      reject("--isa: " + in_quotes(name) + " is not an instruction set; see --list");
  Names known;
  std::vector<const Variant*> variants;
  for (const Variant* variant : methods(subject)) {
    add_once(known, std::string_view(variant->name));
    if ((only.empty() || contains(only, variant->name)) &&
        (isas.empty() || contains(isas, isa_text(*variant))))
      variants.push_back(variant);
  }
  for (const std::string_view name : only)
    if (!contains(known, name))
      reject("--only: " + in_quotes(name) + " is not an implementation of " + std::string(subject.operation) +
             "; there are " + joined(known, ", "));
  return variants;
}

/// The operation's data of that name.
const Fill& choose_data(const Operation& operation, std::string_view name) {
  Names known;
  for (const Fill& fill : operation.fills) {
    if (!fill.data) continue;
    if (fill.data == name) return fill;
    known.push_back(fill.data);
  }
  reject("--data: " + in_quotes(name) + " is no data of " + operation.name + "; there is " +
         joined(known, ", "));
}

// --iterations=FILE

/// The problem in "<...>/B:8/T:1024/C:64/omp:1". Labels are ignored: a name must come out the same again.
Problem problem_of(const Operation& operation, std::string_view name) {
  Names parts = split(name, '/');
  const std::size_t axes = operation.axes.size();
  if (parts.size() <= axes) reject("is no benchmark's name");
  for (std::string_view& part : parts) part.remove_prefix(part.find(':') + 1);  // none: 0
  const Names sizes(parts.end() - static_cast<std::ptrdiff_t>(axes + 1), parts.end() - 1);
  const int threads = number<int>(parts.back()).value_or(0);
  if (threads < 1 || threads > allowed_threads()) reject("asks for more threads than this process may use");
  return parse_shape(operation, joined(sizes, std::string(1, axis_separator(operation))), threads);
}

Planned parse_line(const Subject& subject, const Operation& operation, const std::string& line) {
  std::istringstream words(line);
  std::string name;
  benchmark::IterationCount calls = 0;
  if (!(words >> name >> calls) || calls < 1 || !(words >> std::ws).eof())
    reject("is not a benchmark's name and a number of calls");
  const Problem problem = problem_of(operation, name);
  for (const Variant* variant : methods(subject))
    if (benchmark_name(operation, *variant, problem) == name) return {variant, problem, calls};
  reject("is no benchmark of this program");
}

/// Complains of the line that is wrong.
std::vector<Planned> read_iterations(const Subject& subject, const Operation& operation,
                                     const std::string& file) {
  std::ifstream lines(file);
  if (!lines) reject("--iterations: cannot read " + in_quotes(file) + ": " + std::strerror(errno));
  std::vector<Planned> counted;
  for (std::string line; std::getline(lines, line);) {
    try {
      if (!line.empty()) counted.push_back(parse_line(subject, operation, line));
    } catch (const std::invalid_argument& error) {
      for (char& character : line)
        if (character < ' ' || character > '~') character = '?';
      reject("--iterations: " + in_quotes(line) + " in " + in_quotes(file) + " " + error.what());
    }
  }
  if (counted.empty()) reject("--iterations: " + in_quotes(file) + " names no row");
  return counted;
}

/// The lines that a placeholder in a flag's help stands for.
std::string replaced(std::string help, const Subject& subject, const Operation& operation) {
  std::string sets = "\n  quick  " + joined(subject.quick, ",") +
                     "\n  full   these and more; --shapes=full --list shows them";
  if (!subject.odd.empty()) sets += "\n  odd    many small ones that no tile divides";
  std::string data;
  for (const std::string_view name : data_names)
    for (const Fill& fill : operation.fills)
      if (fill.data && fill.data == name) data += "\n  " + left(std::string(name), 10) + fill.name;
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"{axes}", axes_text(operation)},
                                 {"{sets}", sets},
                                 {"{data}", data}})
    if (const std::size_t at = help.find(from); at != help.npos) help.replace(at, from.size(), to);
  return help;
}

}  // namespace

Options parse_options(const Subject& subject, const Operation& operation, std::span<char* const> arguments) {
  Options options;
  options.google.take_variables();
  const Given given = read_flags(arguments, options.google);
  const auto value_of = [&given](std::string_view flag, std::string_view otherwise) {
    return given.contains(flag) ? given.at(flag) : otherwise;
  };
  options.task = task_of(given);
  options.conditions = {.cold = given.contains("--cold"), .misaligned = given.contains("--misalign")};
  options.seed = number_of("--seed", value_of("--seed", "1337"), std::uint32_t{0}, ~std::uint32_t{0},
                           "a whole number from 0 to 4294967295");
  options.max_call =
      number_of("--max-call", value_of("--max-call", "2"), std::numeric_limits<double>::denorm_min(),
                std::numeric_limits<double>::max(), "a number of seconds above 0");
  options.data = &choose_data(operation, value_of("--data", "normal"));
  if (given.contains("--iterations")) {
    for (const std::string_view flag : choosing_rows)
      if (given.contains(flag))
        reject("--iterations names the rows itself: " + std::string(flag) + " does not go with it");
    options.counted = read_iterations(subject, operation, std::string(given.at("--iterations")));
    return options;
  }
  options.variants = choose_variants(subject, list_of(given, "--only"), list_of(given, "--isa"));
  const std::vector<int> threads = threads_of(value_of("--threads", "1"));
  const std::string_view wanted = value_of("--shapes", "quick");
  const Names* const named = set_named(subject, wanted);
  options.own_shapes = !named;
  Names shapes;
  for (const std::string_view shape : named ? *named : entries("--shapes", wanted)) add_once(shapes, shape);
  for (const std::string_view shape : shapes)
    for (const int count : threads) options.problems.push_back(parse_shape(operation, shape, count));
  return options;
}

std::string help_text(const Subject& subject, const Operation& operation) {
  std::string text = std::string(subject.operation) + ": " + operation.formula +
                     "\nVerifies every implementation, then times it.\n\n";
  for (const Flag& flag : flags) {
    std::string begin = "  " + std::string(flag.name) + std::string(flag.argument);
    const std::string help = replaced(std::string(flag.help), subject, operation);
    for (const std::string_view line : split(help, '\n')) {
      text += left(begin, 22) + std::string(line) + "\n";
      begin = "";
    }
  }
  return text +
         "\n"
         "A value may follow its flag after '=' or as the next argument.\n"
         "Exit codes: 0 fine, 1 wrong use or not enough memory, 2 a row failed verification, 5 nothing "
         "matched.\n"
         "\n"
         "Unless they are set, OMP_WAIT_POLICY=active, OMP_DYNAMIC=false, OMP_PROC_BIND=false, "
         "OMP_PLACES=cores:\n"
         "the system places the threads, so that two programs do not share a core while another is idle.\n"
         "OMP_PROC_BIND=close binds them to the first cores, one each; taskset chooses which.\n";
}

}  // namespace trilbench::bench
