/* The kernels of mul_mat.c, once for each set of instructions: NAME gives their names, TARGET what the compiler
 * may use, VNNI whether that has products of bytes. A product of signed bytes needs one operand without its
 * sign; with VNNI the columns are kept with 128 added, and 128 times the block's sum is taken off again. */

#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE float NAME(half)(const uint8_t *place) {
    uint16_t bits;
    memcpy(&bits, place, sizeof bits);
    return _cvtsh_ss(bits);
}

/* Keep `count` blocks of `bytes`, which llama.cpp quantised to Q8_0 or Q8_1; scales and sums `apart` floats apart. */
TARGET static void NAME(pack)(uint8_t *values, float *scale, float *sum, int apart, const uint8_t *blocks,
                              size_t bytes, int count) {
    const __m256i flip = _mm256_set1_epi8(VNNI ? -128 : 0);
    for (int b = 0; b < count; b++) {
        const uint8_t *block = blocks + (size_t)b * bytes;
        const __m256i signs = _mm256_loadu_si256((const __m256i *)(block + bytes - BLOCK));
        _mm256_storeu_si256((__m256i *)(values + b * BLOCK), _mm256_xor_si256(signs, flip));
        scale[b * apart] = NAME(half)(block);
        sum[b * apart] = bytes == Q8_1_BYTES ? NAME(half)(block + 2) : 0;
    }
}

/* 16 bytes' lower halves, then their upper halves. */
INLINE __m256i NAME(nibbles)(const uint8_t *place) {
    const __m128i pairs = _mm_loadu_si128((const __m128i *)place);
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(pairs), _mm_srli_epi16(pairs, 4), 1);
    return _mm256_and_si256(both, _mm256_set1_epi8(15));
}

/* 0xF0 in each byte whose bit of the 32 is 0: with the lower half beside it, that is the value less 16. */
INLINE __m256i NAME(fifths)(const uint8_t *place) {
    int32_t bits;
    memcpy(&bits, place, sizeof bits);
    const __m256i byte = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32(bits), byte);
    const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
    const __m256i unset = _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), _mm256_setzero_si256());
    return _mm256_and_si256(unset, _mm256_set1_epi8(-16));
}

/* A block's 32 values. */
INLINE __m256i NAME(values)(const int type, const uint8_t *block) {
    if (type == Q8_0) return _mm256_loadu_si256((const __m256i *)(block + 2));
    if (type == Q5_0) return _mm256_or_si256(NAME(nibbles)(block + 6), NAME(fifths)(block + 2));
    return NAME(nibbles)(block + 4);
}

/* What every column's product with a block needs of it. */
INLINE __m256i NAME(shared)(__m256i values) {
#if VNNI
    const __m256i none = _mm256_setzero_si256();
    return _mm256_sub_epi32(none, _mm256_dpbusd_epi32(none, _mm256_set1_epi8(-128), values));
#else
    return _mm256_abs_epi8(values);
#endif
}

/* The sums of a block's and a column's products, four by four. */
INLINE __m256 NAME(fours)(__m256i values, __m256i shared, __m256i column) {
#if VNNI
    return _mm256_cvtepi32_ps(_mm256_dpbusd_epi32(shared, column, values));
#else
    const __m256i pairs = _mm256_maddubs_epi16(shared, _mm256_sign_epi8(column, values));
    return _mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
#endif
}

/* The sum of eight, in the order in which llama.cpp adds them. */
INLINE float NAME(total)(__m256 eight) {
    const __m128 four = _mm_add_ps(_mm256_extractf128_ps(eight, 1), _mm256_castps256_ps128(eight));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

/* Rows of weights times `count` columns from block `from` on; type and count are known where this is compiled. */
INLINE void NAME(product)(const int type, const int bytes, const int count, const struct rows *rows,
                          const struct columns *columns, int from, float *out, size_t height) {
    const int blocks = rows->blocks;
    const uint8_t *weights = rows->place;
    for (int64_t row = 0; row < rows->count; row++, weights += rows->stride) {
        const uint8_t *block = weights;
        __m256 sums[GROUP];
        __m256 least = _mm256_setzero_ps(); /* of all columns; those beyond `count` are never looked at */
        for (int c = 0; c < count; c++) sums[c] = _mm256_setzero_ps();
        for (int b = 0; b < blocks; b++, block += bytes) {
            _mm_prefetch((const char *)block + AHEAD, _MM_HINT_T0);
            const __m256i values = NAME(values)(type, block), shared = NAME(shared)(values);
            const __m256 scale = _mm256_set1_ps(NAME(half)(block));
            const int beside = from + b * count;
            if (type == Q4_1) {
                const __m256 each = _mm256_loadu_ps(columns->sum + beside);
                least = _mm256_add_ps(least, _mm256_mul_ps(_mm256_set1_ps(NAME(half)(block + 2)), each));
            }
            for (int c = 0; c < count; c++) {
                const uint8_t *place = columns->values + (from + c * blocks + b) * BLOCK;
                const __m256i column = _mm256_loadu_si256((const __m256i *)place);
                const __m256 both = _mm256_mul_ps(scale, _mm256_broadcast_ss(columns->scale + beside + c));
                sums[c] = _mm256_fmadd_ps(both, NAME(fours)(values, shared, column), sums[c]);
            }
        }
        float leasts[GROUP];
        _mm256_storeu_ps(leasts, least);
        for (int c = 0; c < count; c++) {
            const float sum = NAME(total)(sums[c]);
            out[(size_t)c * height + (size_t)row] = type == Q4_1 ? sum + leasts[c] : sum;
        }
    }
}

#include "mul_mat_k_rows.h"

#define CASE(type, bytes, known)                                                        \
    case known:                                                                         \
        if (type == Q6_K) NAME(product_six)(known, rows, columns, from, out, height);   \
        else if (type == Q4_K || type == Q5_K)                                          \
            NAME(product_k)(type, bytes, known, rows, columns, from, out, height);      \
        else NAME(product)(type, bytes, known, rows, columns, from, out, height);       \
        break;
#define COUNTS(type, bytes)                                                                     \
    case type:                                                                                  \
        switch (count) {                                                                        \
            CASE(type, bytes, 1) CASE(type, bytes, 2) CASE(type, bytes, 3) CASE(type, bytes, 4) \
            CASE(type, bytes, 5) CASE(type, bytes, 6) CASE(type, bytes, 7)                      \
            CASE(type, bytes, GROUP)                                                            \
        }                                                                                       \
        break;

/* Rows of weights times `count` columns (at most GROUP) from block `from` on; a column of `out` has `height`. */
TARGET static void NAME(rows)(const struct rows *rows, const struct columns *columns, int from, int count,
                              float *out, size_t height) {
    switch (rows->type) {
        COUNTS(Q8_0, Q8_0_BYTES)
        COUNTS(Q5_0, Q5_0_BYTES)
        COUNTS(Q4_1, Q4_1_BYTES)
        COUNTS(Q4_K, Q4_K_BYTES)
        COUNTS(Q5_K, Q5_K_BYTES)
        COUNTS(Q6_K, Q6_K_BYTES)
    }
}

#undef COUNTS
#undef CASE
#undef INLINE
#undef NAME
#undef TARGET
#undef VNNI
