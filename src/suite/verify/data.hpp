// Input data that several operations are verified on. Each operation says which of its inputs get what.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suite/problem.hpp"

namespace trilbench::data {

/// Of a fill whose outputs must be the correctly rounded reference in every row.
inline bool every_row(const Problem&, std::int64_t) { return true; }

void uniform(std::span<float> to, std::uint32_t seed, float low, float high);

/// e^(3 z), z normally distributed: a few numbers outweigh all others.
void lognormal(std::span<float> to, std::uint32_t seed);

/// Rows of `columns` numbers near 10^6 and -10^6 in turn.
void cancelling_rows(std::span<float> to, std::uint32_t seed, std::int64_t columns);

void denormals(std::span<float> to, std::uint32_t seed);

/// Logits W[., columns] whose softmax holds denormals: 0 at every eighth place of a row, -86.9 between.
/// e^-86.9 is still a normal number; divided by a sum of two or more it is none.
void logits_of_denormal_weights(std::span<float> to, std::uint32_t seed, std::int64_t columns);

/// Whole numbers of both signs from 1 to `largest` in size; no zeros.
void whole_numbers(std::span<float> to, std::uint32_t seed, int largest);

/// Writes NaN, infinity and minus infinity in turn over `count` random places.
void scatter_non_finite(std::span<float> to, std::uint32_t seed, std::int64_t count);

/// The places of a sequence that are worth seeing: every one of a short sequence; the ends, the powers of two
/// and of tile heights with their neighbours in a long one.
std::vector<std::int64_t> notable_times(std::int64_t T);

/// x[B, T, C] of zeros with a power of two in each column: at the notable times, then at random ones.
void impulses(float* x, std::uint32_t round, std::int64_t B, std::int64_t T, std::int64_t C);

/// How many rounds of impulses it takes to see the notable times and some random ones in so many columns.
int impulse_rounds(std::int64_t T, std::int64_t columns);

/// x[B, T, C] of numbers of one size at every sparse_stride(T)-th time, zeros elsewhere. Adding a zero does
/// not round, so a bound for so few terms is tight enough to see any one that is lost. The rounds visit every
/// place of sequences up to T = 131072; of longer ones, places 64 apart.
void sparse(float* x, std::uint32_t round, std::int64_t B, std::int64_t T, std::int64_t C);
std::int64_t sparse_stride(std::int64_t T);
int sparse_rounds(std::int64_t T);

}  // namespace trilbench::data
