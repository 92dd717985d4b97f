/* The kernels of mul_mat.c for the types Q4_K, Q5_K and Q6_K, once for each set of instructions; NAME, TARGET and
 * VNNI as in mul_mat_rows.h, which includes this.
 *
 * A block has 256 values in 8 or 16 parts with a scale each. Its values are kept without a sign, so that columns need
 * not change theirs. The products of a part are added in fours, in integers, and multiplied with the part's scale in
 * integers too, so that all parts of a block come to eight whole numbers, which are the same in any order. */

/* Keep `count` blocks that llama.cpp quantised to Q8_K: a scale, the values, and the sums of 16 each; for types with
   least values (`thirties`) the sums are of 32. */
TARGET static void NAME(pack_k)(uint8_t *values, float *scale, int16_t *sums, int apart, const uint8_t *blocks,
                                int count, bool thirties) {
    for (int b = 0; b < count; b++) {
        const uint8_t *block = blocks + (size_t)b * Q8_K_BYTES, *last = block + sizeof(float) + LARGE;
        memcpy(scale + b * apart, block, sizeof(float));
        memcpy(values + b * LARGE, block + sizeof(float), LARGE);
        int16_t *kept = sums + b * apart * LARGE_SUMS;
        const __m128i first = _mm_loadu_si128((const __m128i *)last), rest = _mm_loadu_si128((const __m128i *)last + 1);
        _mm_storeu_si128((__m128i *)kept, thirties ? _mm_hadd_epi16(first, rest) : first);
        _mm_storeu_si128((__m128i *)kept + 1, thirties ? _mm_setzero_si128() : rest);
    }
}

/* The sums of 32 values' products, four by four, times their scale, and `sums`. */
INLINE __m256i NAME(scaled)(__m256i sums, __m256i values, __m256i scale, const uint8_t *column) {
    const __m256i other = _mm256_loadu_si256((const __m256i *)column);
#if VNNI
    return _mm256_dpwssd_epi32(sums, _mm256_dpbusd_epi32(_mm256_setzero_si256(), values, other), scale);
#else
    return _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_maddubs_epi16(values, other), scale));
#endif
}

/* A scale of 16 bits beside itself: for sums of two. With VNNI there is one sum of four, which fits 16 bits. */
INLINE __m256i NAME(doubled)(__m256i scales) {
    return VNNI ? scales : _mm256_or_si256(scales, _mm256_slli_epi32(scales, 16));
}

/* The 8 scales of a block, in the lower halves of words of 32 bits, and in `least` its 8 least values. */
INLINE __m256i NAME(six_bits)(const uint8_t *block, __m128i *least) {
    uint32_t word[3];
    memcpy(word, block + SCALES_AT, sizeof word);
    const uint32_t low = 0x0f0f0f0f, high = 0x30303030, six = 0x3f3f3f3f;
    const uint32_t scales = (word[2] & low) | ((word[0] >> 2) & high);
    const uint32_t leasts = ((word[2] >> 4) & low) | ((word[1] >> 2) & high);
    *least = _mm_cvtepu8_epi16(_mm_set_epi32(0, 0, (int)leasts, (int)(word[1] & six)));
    return _mm256_cvtepu8_epi32(_mm_set_epi32(0, 0, (int)scales, (int)(word[0] & six)));
}

/* What all columns' products with a block need of it, and 64 of its values. */
struct NAME(part) {
    __m256i first, second;
};

INLINE struct NAME(part) NAME(sixty_four)(const int type, const uint8_t *block, int part) {
    const __m256i low = _mm256_set1_epi8(15);
    const __m256i pairs =
        _mm256_loadu_si256((const __m256i *)(block + (type == Q4_K ? Q4_K_AT : Q5_K_AT) + 32 * part));
    struct NAME(part) got = {_mm256_and_si256(pairs, low), _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low)};
    if (type == Q5_K) {
        const __m256i bits = _mm256_loadu_si256((const __m256i *)(block + FIFTHS_AT)), fifth = _mm256_set1_epi8(16);
        const __m256i two = _mm256_srli_epi16(bits, 2 * part); /* the two lowest bits of a byte are wanted */
        got.first = _mm256_or_si256(got.first, _mm256_and_si256(_mm256_slli_epi16(two, 4), fifth));
        got.second = _mm256_or_si256(got.second, _mm256_and_si256(_mm256_slli_epi16(two, 3), fifth));
    }
    return got;
}

/* Rows of Q4_K or Q5_K times `count` columns from block `from` on; type and count are known where this is compiled. */
INLINE void NAME(product_k)(const int type, const int bytes, const int count, const struct rows *rows,
                            const struct columns *columns, int from, float *out, size_t height) {
    const int blocks = rows->blocks;
    const uint8_t *weights = rows->place;
    for (int64_t row = 0; row < rows->count; row++, weights += rows->stride) {
        const uint8_t *block = weights;
        __m256 sums[GROUP];
        __m128 leasts[GROUP];
        float least_of[GROUP];
        for (int c = 0; c < count; c++) {
            sums[c] = _mm256_setzero_ps();
            leasts[c] = _mm_setzero_ps();
            least_of[c] = 0;
        }
        for (int b = 0; b < blocks; b++, block += bytes) {
            ahead(block, bytes);
            __m128i least;
            uint32_t scale[8];
            _mm256_storeu_si256((__m256i *)scale, NAME(doubled)(NAME(six_bits)(block, &least)));
            __m256i whole[GROUP];
            for (int c = 0; c < count; c++) whole[c] = _mm256_setzero_si256();
            for (int part = 0; part < 4; part++) {
                const struct NAME(part) values = NAME(sixty_four)(type, block, part);
                const __m256i one = _mm256_set1_epi32((int)scale[2 * part]);
                const __m256i other = _mm256_set1_epi32((int)scale[2 * part + 1]);
                for (int c = 0; c < count; c++) {
                    const uint8_t *place = columns->values + (from + c * blocks + b) * LARGE + 64 * part;
                    whole[c] = NAME(scaled)(whole[c], values.first, one, place);
                    whole[c] = NAME(scaled)(whole[c], values.second, other, place + 32);
                }
            }
            const __m256 step = _mm256_set1_ps(NAME(half)(block));
            const float down = -NAME(half)(block + 2);
            const int beside = from + b * count;
            for (int c = 0; c < count; c++) {
                const float scales = columns->scale[beside + c];
                const __m256 both = _mm256_mul_ps(step, _mm256_set1_ps(scales));
                sums[c] = _mm256_fmadd_ps(both, _mm256_cvtepi32_ps(whole[c]), sums[c]);
                const __m128i *of = (const __m128i *)(columns->sums + (beside + c) * LARGE_SUMS);
                __m128i four = _mm_madd_epi16(least, _mm_loadu_si128(of));
                if (type == Q4_K) {
                    leasts[c] = _mm_fmadd_ps(_mm_set1_ps(down * scales), _mm_cvtepi32_ps(four), leasts[c]);
                } else {
                    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
                    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
                    const __m128 sum = _mm_cvtepi32_ps(four);
                    least_of[c] = _mm_cvtss_f32(
                        _mm_fmadd_ss(_mm_set_ss(down * scales), sum, _mm_set_ss(least_of[c])));
                }
            }
        }
        for (int c = 0; c < count; c++) {
            if (type == Q4_K) {
                const __m128 two = _mm_add_ps(leasts[c], _mm_movehl_ps(leasts[c], leasts[c]));
                least_of[c] = _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
            }
            out[(size_t)c * height + (size_t)row] = NAME(total)(sums[c]) + least_of[c];
        }
    }
}

/* A fifth and sixth bit of 128 values, at their place: of those 32 values that are number `part`. */
INLINE __m256i NAME(sixths)(__m256i bits, int part) {
    const __m256i wanted = _mm256_set1_epi8(48);
    if (part == 0) return _mm256_and_si256(_mm256_slli_epi16(bits, 4), wanted);
    if (part == 1) return _mm256_and_si256(_mm256_slli_epi16(bits, 2), wanted);
    return _mm256_and_si256(part == 2 ? bits : _mm256_srli_epi16(bits, 2), wanted);
}

/* Rows of Q6_K times `count` columns from block `from` on. */
INLINE void NAME(product_six)(const int count, const struct rows *rows, const struct columns *columns, int from,
                              float *out, size_t height) {
    const __m128i evens_then_odds = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
    const __m256i fourth = _mm256_set1_epi8(15), next = _mm256_set1_epi32(VNNI ? 0x0202 : 0x02020202);
    const int blocks = rows->blocks;
    const uint8_t *weights = rows->place;
    for (int64_t row = 0; row < rows->count; row++, weights += rows->stride) {
        const uint8_t *block = weights;
        __m256 sums[GROUP];
        for (int c = 0; c < count; c++) sums[c] = _mm256_setzero_ps();
        for (int b = 0; b < blocks; b++, block += Q6_K_BYTES) {
            ahead(block, Q6_K_BYTES);
            const __m128i scales = _mm_loadu_si128((const __m128i *)(block + Q6_K_SCALES_AT));
            const __m256i sorted = _mm256_cvtepi8_epi16(_mm_shuffle_epi8(scales, evens_then_odds));
            __m256i pick = _mm256_set1_epi32(VNNI ? (int)0x80800100 : 0x01000100);
            __m256i whole[GROUP];
            for (int c = 0; c < count; c++) whole[c] = _mm256_setzero_si256();
            for (int half = 0; half < 2; half++) {
                const __m256i bits = _mm256_loadu_si256((const __m256i *)(block + UPPERS_AT) + half);
                for (int part = 0; part < 4; part++) {
                    const __m256i pairs = _mm256_loadu_si256((const __m256i *)block + 2 * half + part % 2);
                    const __m256i lower =
                        _mm256_and_si256(part < 2 ? pairs : _mm256_srli_epi16(pairs, 4), fourth);
                    const __m256i values = _mm256_or_si256(lower, NAME(sixths)(bits, part));
                    const __m256i scale = _mm256_shuffle_epi8(sorted, pick);
                    pick = _mm256_add_epi8(pick, next);
                    const uint8_t *place = columns->values + (from + b) * LARGE + 32 * (4 * half + part);
                    for (int c = 0; c < count; c++)
                        whole[c] = NAME(scaled)(whole[c], values, scale, place + c * blocks * LARGE);
                }
            }
            const __m256 step = _mm256_set1_ps(NAME(half)(block + Q6_K_SCALE_AT));
            const __m256i by_sixteen = _mm256_cvtepi8_epi16(scales);
            const int beside = from + b * count;
            for (int c = 0; c < count; c++) {
                const __m256i *of = (const __m256i *)(columns->sums + (beside + c) * LARGE_SUMS);
                const __m256i less = _mm256_slli_epi32(_mm256_madd_epi16(_mm256_loadu_si256(of), by_sixteen), 5);
                const __m256 both = _mm256_mul_ps(step, _mm256_broadcast_ss(columns->scale + beside + c));
                sums[c] = _mm256_fmadd_ps(both, _mm256_cvtepi32_ps(_mm256_sub_epi32(whole[c], less)), sums[c]);
            }
        }
        for (int c = 0; c < count; c++) out[(size_t)c * height + (size_t)row] = NAME(total)(sums[c]);
    }
}
