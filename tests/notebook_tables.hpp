// What the five notebooks print, and the bits behind the printed digits.
//
// The notebooks are numbered as follows; all show the mean of x[b, 0..t], from a loop to a softmax.
//   000  draws x twice and keeps the second, then integers from the same generator
//   001  calls it attention; integers from seed 42
//   002  starts from the @ operator and broadcasting, ends at a softmax of logits that are not constant
//   003  the same steps as 000 on the first draw; integers from seed 13
//   004  a shorter 003; integers from seed 42
//
// Tables stand as printed, without the brackets: one line a row, columns aligned.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace notebooks {

/// randn(4, 8, 2) after manual_seed(1337) and its causal mean, as PyTorch 2.13 on x86-64 computes them:
/// float32 bits, row by row. `product` is both tril @ x and softmax @ x, which have the same bits.
struct Draw {
  std::vector<std::uint32_t> x;
  std::vector<std::uint32_t> loop;
  std::vector<std::uint32_t> product;
};

inline const Draw first_draw = {
    // x
    {
        0x3e391c30, 0xbd8f55eb, 0xbeb82092, 0xbf6a4ad7, 0x3f203228, 0x3cd0fa30, 0x3f745b02, 0x3d83c929,
        0x3eb8e8ba, 0x3f957d08, 0xbfacc94d, 0xbf029af1, 0x3e719ee5, 0xbe758876, 0xbf6bce2c, 0x3fc58ac2,
        0x3faca653, 0xbe0efe3a, 0x3e925404, 0x3f771223, 0xc00260aa, 0x3efc7c5b, 0x3fbe55f8, 0x3f174df0,
        0x3e010def, 0xbfc80624, 0xbf947e40, 0xbeab7042, 0x3ee54265, 0xbf4d3897, 0x3fc305b3, 0x40208cb0,
        0xbf29c0a7, 0xbe80a726, 0x3f814c6d, 0x3df8ed81, 0x3e223370, 0x3f912787, 0xbf93b2eb, 0xbe98c778,
        0xbf01edea, 0xbf6c8619, 0x3f0bf4ee, 0xbfbf54df, 0xbf9a54dd, 0x3f1262c9, 0xbf18ec39, 0xbf3194bb,
        0x3fd2a104, 0xbf4d90f5, 0x3facfb08, 0xbe8d454d, 0xbfc16307, 0x4006b49a, 0x4030d452, 0xbfdf8e45,
        0x3fb9cdb5, 0xbfc150f5, 0x3f523722, 0xbe589a99, 0x3f4765e1, 0x3fc44227, 0x3fce0bd8, 0xbece73eb,
    },
    // loop
    {
        0x3e391c30, 0xbd8f55eb, 0xbdb724f4, 0xbefc3594, 0x3e188be4, 0xbea3c92c, 0x3eb361f6, 0xbe65349d,
        0x3eb47cea, 0x3d5f449e, 0x3d8cdceb, 0xbd223954, 0x3dbdc62f, 0xbd8bad46, 0xbd0b818a, 0x3e086ef4,
        0x3faca653, 0xbe0efe3a, 0x3f513b54, 0x3ed35294, 0xbe096555, 0x3ee10b2c, 0x3e8acff8, 0x3ef46f59,
        0x3e77e923, 0x3d8e1d77, 0x3c099f2b, 0x3b0461ab, 0x3d91c022, 0xbde6fe10, 0x3e8164e2, 0x3e5c0a39,
        0xbf29c0a7, 0xbe80a726, 0x3e31b066, 0xbd84d78c, 0x3e2c86bf, 0x3eab661d, 0xbe2600c7, 0x3e34b570,
        0xbe6cbef3, 0xbd329bba, 0xbdcff7ad, 0xbe9228cd, 0xbe84c0ff, 0xbe26e8ed, 0xbe9a63ee, 0xbe6ad62c,
        0x3fd2a104, 0xbf4d90f5, 0x3fbfce06, 0xbf0a19ce, 0x3efda15c, 0x3eaf1488, 0x3f87f86a, 0xbe387dbe,
        0x3f91efdf, 0xbee47310, 0x3f8b21d2, 0xbed06cc5, 0x3f857fb2, 0xbe050126, 0x3f8e9136, 0xbe27fdfa,
    },
    // product
    {
        0x3e391c30, 0xbd8f55eb, 0xbdb724f4, 0xbefc3594, 0x3e188be4, 0xbea3c92d, 0x3eb361f6, 0xbe65349d,
        0x3eb47cea, 0x3d5f449c, 0x3d8cdcec, 0xbd223954, 0x3dbdc62e, 0xbd8bad44, 0xbd0b818a, 0x3e086ef4,
        0x3faca653, 0xbe0efe3a, 0x3f513b54, 0x3ed35294, 0xbe096554, 0x3ee10b2c, 0x3e8acff8, 0x3ef46f59,
        0x3e77e924, 0x3d8e1d74, 0x3c099f30, 0x3b046120, 0x3d91c023, 0xbde6fe10, 0x3e8164e1, 0x3e5c0a39,
        0xbf29c0a7, 0xbe80a726, 0x3e31b066, 0xbd84d78c, 0x3e2c86c0, 0x3eab661e, 0xbe2600c7, 0x3e34b570,
        0xbe6cbef4, 0xbd329bb8, 0xbdcff7ae, 0xbe9228cd, 0xbe84c100, 0xbe26e8ef, 0xbe9a63ed, 0xbe6ad62e,
        0x3fd2a104, 0xbf4d90f5, 0x3fbfce06, 0xbf0a19ce, 0x3efda15c, 0x3eaf1488, 0x3f87f86a, 0xbe387dbe,
        0x3f91efdf, 0xbee47310, 0x3f8b21d2, 0xbed06cc6, 0x3f857fb2, 0xbe050125, 0x3f8e9136, 0xbe27fdfc,
    },
};

inline const Draw second_draw = {
    // x
    {
        0xbf559fd7, 0x3f190979, 0xbd528f01, 0xbd84376c, 0xbefe7787, 0x3eee779c, 0xbe83b766, 0xbf889bf3,
        0x4000927f, 0xbf097750, 0x3e64257b, 0x3f32722b, 0xbfb69ce9, 0x3f67ebd8, 0x3e1410a5, 0x3e6978f2,
        0x401f5b90, 0xbf9ca140, 0x3f815d9b, 0x3f0e55c8, 0xbfcbf77e, 0xbfa2a486, 0x3f30b936, 0xbe48d79f,
        0x3eb098a0, 0xbeaf0bb1, 0x3ef3a57a, 0xbf442ed9, 0xbed6824b, 0xbedfbdc9, 0xbf80278c, 0xbed1a094,
        0xbfd55e31, 0xbfaebd08, 0xbe297f26, 0x3f76561e, 0x3d013969, 0xbf3ded43, 0xbe9877e0, 0x3c8c9f03,
        0xbe357a2f, 0xbe08a1bf, 0x3e968194, 0x3fb1462d, 0x3df7a11c, 0x4022aca4, 0xbf23f530, 0xbffcac60,
        0xbea8bd4d, 0x3c0265d7, 0x3f6d1db9, 0xbff1391e, 0x3e2af7fb, 0x3eead08c, 0xbfe2130e, 0x3f160331,
        0x3fe021cd, 0x3e8fbad0, 0x3e9f3690, 0xbf275cb0, 0xbf285a33, 0x3ea30bce, 0xbf0cb1b3, 0xbfbb82a5,
    },
    // loop
    {
        0xbf559fd7, 0x3f190979, 0xbee2c8c7, 0x3e88828c, 0xbeec0307, 0x3eaa7ee7, 0xbed1f01e, 0xbc8bcc60,
        0x3d970f95, 0xbdf7e7c6, 0x3dc9eecf, 0x3c7ab895, 0xbdf450d1, 0x3e11f53a, 0xbdb0c28e, 0x3e1ce5b1,
        0x401f5b90, 0xbf9ca140, 0x3fe00a5e, 0xbeaaecb8, 0x3f22be29, 0xbf256741, 0x3f263cec, 0xbf089aeb,
        0x3f16a666, 0xbefd93ce, 0x3f11d874, 0xbf0a5aba, 0x3edb6075, 0xbf06922e, 0x3e7fc13f, 0xbf02d9f1,
        0xbfd55e31, 0xbfaebd08, 0xbf6a8e16, 0xbe4e47e4, 0xbf19ad87, 0xbec360cd, 0xbf065122, 0xbe90561e,
        0xbee90e06, 0xbe8121de, 0xbea920c3, 0x3ca928f1, 0xbe881f78, 0x3ec2f9c8, 0xbea018d5, 0x3db1117c,
        0xbea8bd4d, 0x3c0265d7, 0x3e98bf12, 0xbf703452, 0x3e825361, 0xbef2003f, 0xbe805486, 0xbe54fd2d,
        0x3e194873, 0xbde1cc6e, 0x3e34ce90, 0xbe4da84d, 0x3d6b1a9b, 0xbe01b176, 0xbc975840, 0xbe967ef6,
    },
    // product
    {
        0xbf559fd7, 0x3f190979, 0xbee2c8c7, 0x3e88828c, 0xbeec0308, 0x3eaa7ee6, 0xbed1f01e, 0xbc8bcc60,
        0x3d970f98, 0xbdf7e7c8, 0x3dc9eed2, 0x3c7ab898, 0xbdf450ce, 0x3e11f53c, 0xbdb0c28a, 0x3e1ce5b2,
        0x401f5b90, 0xbf9ca140, 0x3fe00a5e, 0xbeaaecb8, 0x3f22be2a, 0xbf256742, 0x3f263cec, 0xbf089aeb,
        0x3f16a667, 0xbefd93cf, 0x3f11d876, 0xbf0a5aba, 0x3edb6075, 0xbf06922e, 0x3e7fc140, 0xbf02d9f1,
        0xbfd55e31, 0xbfaebd08, 0xbf6a8e16, 0xbe4e47e4, 0xbf19ad88, 0xbec360ce, 0xbf065122, 0xbe90561e,
        0xbee90e06, 0xbe8121df, 0xbea920c3, 0x3ca928f8, 0xbe881f79, 0x3ec2f9ca, 0xbea018d6, 0x3db11180,
        0xbea8bd4d, 0x3c0265d7, 0x3e98bf12, 0xbf703452, 0x3e825361, 0xbef20040, 0xbe805486, 0xbe54fd2d,
        0x3e194874, 0xbde1cc72, 0x3e34ce8f, 0xbe4da84f, 0x3d6b1a9c, 0xbe01b175, 0xbc975840, 0xbe967ef6,
    },
};

/// Batch 0 of x and of its causal mean: the first draw in 001, 003 and 004, the second in 000.
inline constexpr std::string_view first_x = R"(
 0.1808 -0.0700
-0.3596 -0.9152
 0.6258  0.0255
 0.9545  0.0643
 0.3612  1.1679
-1.3499 -0.5102
 0.2360 -0.2398
-0.9211  1.5433
)";

inline constexpr std::string_view mean_of_first_x = R"(
 0.1808 -0.0700
-0.0894 -0.4926
 0.1490 -0.3199
 0.3504 -0.2238
 0.3525  0.0545
 0.0688 -0.0396
 0.0927 -0.0682
-0.0341  0.1332
)";

inline constexpr std::string_view second_x = R"(
-0.8345  0.5978
-0.0514 -0.0646
-0.4970  0.4658
-0.2573 -1.0673
 2.0089 -0.5370
 0.2228  0.6971
-1.4267  0.9059
 0.1446  0.2280
)";

inline constexpr std::string_view mean_of_second_x = R"(
-0.8345  0.5978
-0.4429  0.2666
-0.4610  0.3330
-0.4100 -0.0171
 0.0738 -0.1210
 0.0986  0.0153
-0.1193  0.1425
-0.0863  0.1532
)";

/// tril(ones(8, 8)), and the same divided by its row sums; the latter is also the softmax of `masked_zeros`.
inline constexpr std::string_view triangle = R"(
1. 0. 0. 0. 0. 0. 0. 0.
1. 1. 0. 0. 0. 0. 0. 0.
1. 1. 1. 0. 0. 0. 0. 0.
1. 1. 1. 1. 0. 0. 0. 0.
1. 1. 1. 1. 1. 0. 0. 0.
1. 1. 1. 1. 1. 1. 0. 0.
1. 1. 1. 1. 1. 1. 1. 0.
1. 1. 1. 1. 1. 1. 1. 1.
)";

inline constexpr std::string_view normalised_triangle = R"(
1.0000 0.0000 0.0000 0.0000 0.0000 0.0000 0.0000 0.0000
0.5000 0.5000 0.0000 0.0000 0.0000 0.0000 0.0000 0.0000
0.3333 0.3333 0.3333 0.0000 0.0000 0.0000 0.0000 0.0000
0.2500 0.2500 0.2500 0.2500 0.0000 0.0000 0.0000 0.0000
0.2000 0.2000 0.2000 0.2000 0.2000 0.0000 0.0000 0.0000
0.1667 0.1667 0.1667 0.1667 0.1667 0.1667 0.0000 0.0000
0.1429 0.1429 0.1429 0.1429 0.1429 0.1429 0.1429 0.0000
0.1250 0.1250 0.1250 0.1250 0.1250 0.1250 0.1250 0.1250
)";

inline constexpr std::string_view masked_zeros = R"(
  0. -inf -inf -inf -inf -inf -inf -inf
  0.   0. -inf -inf -inf -inf -inf -inf
  0.   0.   0. -inf -inf -inf -inf -inf
  0.   0.   0.   0. -inf -inf -inf -inf
  0.   0.   0.   0.   0. -inf -inf -inf
  0.   0.   0.   0.   0.   0. -inf -inf
  0.   0.   0.   0.   0.   0.   0. -inf
  0.   0.   0.   0.   0.   0.   0.   0.
)";

inline constexpr std::string_view normalised_triangle_of_3 = R"(
1.0000 0.0000 0.0000
0.5000 0.5000 0.0000
0.3333 0.3333 0.3333
)";

/// 002, In [53] and In [54]: logits that are not constant (the triangle is printed; the rest is -inf) and
/// their softmax. Only four decimals of the logits are known, for the notebook sets no seed.
inline constexpr float logits[8][8] = {
    {-0.1661f},
    {0.7549f, -0.6352f},
    {-0.5888f, 0.5921f, -0.5735f},
    {-1.4654f, -0.8489f, 1.1032f, -1.4104f},
    {1.3734f, 0.6371f, 2.6707f, -0.2718f, 0.9070f},
    {-2.8097f, -0.5699f, 1.3901f, -1.0474f, -0.7544f, -0.5896f},
    {-0.7703f, -0.4959f, 0.7730f, 0.2219f, 0.2030f, 1.0977f, 1.0572f},
    {-0.9147f, -0.9655f, -0.5338f, 0.6499f, -0.9065f, 0.8309f, 0.4588f, -1.3579f},
};

inline constexpr double softmax_of_logits[8][8] = {
    {1.0000},
    {0.8006, 0.1994},
    {0.1897, 0.6178, 0.1926},
    {0.0590, 0.1092, 0.7695, 0.0623},
    {0.1678, 0.0804, 0.6141, 0.0324, 0.1053},
    {0.0100, 0.0940, 0.6673, 0.0583, 0.0782, 0.0922},
    {0.0399, 0.0526, 0.1870, 0.1077, 0.1057, 0.2587, 0.2484},
    {0.0512, 0.0487, 0.0750, 0.2449, 0.0516, 0.2935, 0.2023, 0.0329},
};

}  // namespace notebooks
