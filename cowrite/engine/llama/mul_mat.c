/* Narrow products: a quantised matrix of weights times a few columns, one for each sequence of a batch.
 *
 * llama.cpp multiplies one column with a kernel that reads the weights in a row, as fast as memory gives
 * them, and several columns with another one that reads four rows in turn and waits for memory. Here a block
 * of weights is read once and multiplied with all columns, so that three candidates cost hardly more than
 * one. The many columns of a text that is read are made here too where that is quicker: for Q4_1, since llama.cpp
 * has nothing but the kernel for one column there, and for all types with VNNI. The sums are made in the order of
 * llama.cpp's kernel for one column, so that their bits are the same.
 *
 * How it comes into the graph: `cowrite_mul_mat_watch` is a context's `cb_eval`, which ggml's scheduler asks
 * about each node before it evaluates the graph. It never wants to see a result; a product that is ours is
 * made a node of ggml's own kind CUSTOM, which calls `cowrite_mul_mat_multiply` on each of ggml's threads.
 *
 * mul_mat.py checks that the library's tensors look as they are declared here, and that the products are
 * right, before any of it is used. The blocks are those of ggml-common.h in llama.cpp. For Linux on
 * x86-64 alone, with GCC or Clang (hatch_build.py).
 */
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { F32 = 0, Q4_1 = 3, Q5_0 = 6, Q8_0 = 8, Q4_K = 12, Q5_K = 13, Q6_K = 14 }; /* GGUF's numbers */
enum { Q4_1_BYTES = 20, Q5_0_BYTES = 22, Q8_0_BYTES = 34, Q8_1_BYTES = 36 };        /* of a block */
enum { Q4_K_BYTES = 144, Q5_K_BYTES = 176, Q6_K_BYTES = 210, Q8_K_BYTES = 292 };    /* of a large one */
enum { BLOCK = 32, LARGE = 256 }; /* values of a block, and of one of the types with a K in their name */
enum { LARGE_SUMS = LARGE / 16 }; /* sums of values that are kept of a large block of a column */
enum { GROUP = 8 };           /* columns that are multiplied at once: a block is unpacked once for all of them */
enum { LEAST_GROUP = 4 };     /* that have to fit of many columns with large blocks */
enum { MOST_VALUES = 49152 }; /* of columns: they fit the stack of a thread that has 128 KB (musl) */
enum { RUN = 2048 };          /* values that are quantised at once */
enum { LEAST_ROWS = 32 };     /* that a thread takes at a time */
enum { AHEAD = 2048 };        /* bytes of weights that are asked of memory before they are needed */
enum { LINE = 64 };           /* bytes that memory gives at once */

/* Where the parts of a large block lie: its scales (and least values), the upper bits of its values, and the lower. */
enum { SCALES_AT = 4, FIFTHS_AT = 16, Q4_K_AT = 16, Q5_K_AT = 48 };
enum { UPPERS_AT = 128, Q6_K_SCALES_AT = 192, Q6_K_SCALE_AT = 208 };

/* struct ggml_tensor, as far as it is used. */
struct tensor {
    int32_t type;
    void *buffer;
    int64_t ne[4];
    size_t nb[4];
    int32_t op;
    int32_t op_params[16];
    int32_t flags;
    struct tensor *src[10];
    struct tensor *view_src;
    size_t view_offs;
    void *data;
};

/* What mul_mat.py found in the library. */
struct library {
    int32_t product;              /* the number of the op MUL_MAT */
    int32_t custom;               /* and of CUSTOM */
    int32_t parameters[16];       /* op_params of a CUSTOM node that calls us */
    bool (*is_host)(void *buffer); /* whether a tensor's bytes lie there as they do in the file */
    void (*to_q8_0)(const float *values, void *blocks, int64_t count);
    void (*to_q8_1)(const float *values, void *blocks, int64_t count);
    void (*to_q8_k)(const float *values, void *blocks, int64_t count);
    int32_t add, scale; /* the numbers of the ops ADD and SCALE, 0 where adapters are llama.cpp's to apply */
};

/* Columns, quantised: the values of one behind those of the other; of each block its scale and its sum times its
 * scale (of a large one the sums of its parts), those of the columns of a group beside each other, and behind them
 * what can be read and is not needed. */
struct columns {
    uint8_t values[MOST_VALUES];
    float scale[MOST_VALUES / BLOCK];
    union {
        float sum[MOST_VALUES / BLOCK + GROUP];
        int16_t sums[MOST_VALUES / LARGE * LARGE_SUMS];
    };
};
enum { RUN_BYTES = RUN / LARGE * Q8_K_BYTES };
_Static_assert(RUN_BYTES >= RUN / BLOCK * Q8_1_BYTES, "room for a run of any type");
_Static_assert(sizeof(struct columns) + RUN_BYTES < 65536, "half of a small stack");

/* Some rows of weights. */
struct rows {
    const uint8_t *place;
    size_t stride; /* bytes from a row to the next */
    int64_t count;
    int blocks; /* of a row */
    int type;
};

static struct library library;

/* Whether blocks of a type of weights are large. */
static inline bool large(int type) { return type == Q4_K || type == Q5_K || type == Q6_K; }

/* Ask memory for what lies behind a block that is read now. */
static inline __attribute__((always_inline)) void ahead(const uint8_t *block, int bytes) {
    for (int line = 0; line < bytes; line += LINE) _mm_prefetch((const char *)block + AHEAD + line, _MM_HINT_T0);
}

#define NAME(name) name##_vnni
#define TARGET __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni")))
#define VNNI 1
#include "mul_mat_rows.h"

#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define VNNI 0
#include "mul_mat_rows.h"

/* The version of what this file and mul_mat.py agree on: a change of `struct library` or of a function is a new
   one, so that a kernel that was built before is left alone. */
int cowrite_mul_mat_version(void) { return 3; }

/* 0: there is nothing for this processor. 1: AVX2. 2: AVX-512 with VNNI. */
int cowrite_mul_mat_level(void) {
    __builtin_cpu_init();
    unsigned a, b, c, d; /* older compilers know no name for F16C */
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_F16C)) return 0;
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
    return __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") ? 2 : 1;
}

static int level; /* the one in use: 1 or 2 */

/* Take what was found in the library and use the kernels of `wanted` (1 or 2, no more than the processor has). */
void cowrite_mul_mat_use(const struct library *found, int wanted) {
    library = *found;
    level = wanted;
}

/* How many of `left` columns are in the next group. */
static int64_t grouped(int64_t left) { return left < GROUP ? left : GROUP; }

/* Quantise `run` values of a column for weights of `type`; the `index`-th block's scale and sums are kept in place
   `beside` + `index` * `apart`. */
static void quantise_run(struct columns *columns, const float *values, int64_t run, int64_t place, int64_t beside,
                         int64_t apart, int type) {
    uint8_t blocks[RUN_BYTES];
    float *scale = columns->scale + beside;
    if (large(type)) {
        library.to_q8_k(values, blocks, run);
        (level == 2 ? pack_k_vnni : pack_k_avx2)(columns->values + place, scale, columns->sums + beside * LARGE_SUMS,
                                                 (int)apart, blocks, (int)(run / LARGE), type != Q6_K);
        return;
    }
    (type == Q4_1 ? library.to_q8_1 : library.to_q8_0)(values, blocks, run);
    (level == 2 ? pack_vnni : pack_avx2)(columns->values + place, scale, columns->sum + beside, (int)apart, blocks,
                                         type == Q4_1 ? Q8_1_BYTES : Q8_0_BYTES, (int)(run / BLOCK));
}

/* Quantise `count` columns of `source` from `first` on as llama.cpp does, for weights of `type`. */
static void quantise(struct columns *columns, const struct tensor *source, int64_t first, int64_t count, int type) {
    const int64_t width = source->ne[0], block = large(type) ? LARGE : BLOCK;
    for (int64_t column = 0; column < count; column++) {
        const float *values = (const float *)((const char *)source->data + (first + column) * (int64_t)source->nb[1]);
        const int64_t group = column - column % GROUP, apart = grouped(count - group);
        for (int64_t at = 0; at < width; at += RUN) {
            const int64_t run = width - at < RUN ? width - at : RUN;
            const int64_t beside = group * (width / block) + column - group + at / block * apart;
            quantise_run(columns, values + at, run, column * width + at, beside, apart, type);
        }
    }
    if (!large(type)) memset(columns->sum + count * (width / BLOCK), 0, GROUP * sizeof(float));
}

/* The word of a node's op_params that ggml leaves alone in CUSTOM nodes: how many bands of rows were taken. */
static atomic_int *taken(struct tensor *node) {
    _Static_assert(sizeof(atomic_int) == sizeof(int32_t), "a counter fits a word");
    return (atomic_int *)&node->op_params[12];
}

/* Some rows times `count` columns; a column of `out` has `height` values. */
static void multiply(const struct rows *rows, const struct columns *columns, int64_t count, float *out, size_t height) {
    for (int64_t column = 0; column < count; column += GROUP)
        (level == 2 ? rows_vnni : rows_avx2)(rows, columns, (int)(column * rows->blocks), (int)grouped(count - column),
                                             out + (size_t)column * height, height);
}

/* Thread `thread` of `threads`' part of a product. Who is ready takes the next band of rows, so that a busy core
 * does not keep the others waiting; the one that comes last makes the node ready for its next evaluation. Where there
 * are more columns than fit, all bands are multiplied with the first ones, then with the next. */
void cowrite_mul_mat_multiply(struct tensor *node, int thread, int threads, void *unused) {
    (void)thread;
    (void)unused;
    const struct tensor *weights = node->src[0], *source = node->src[1];
    const int64_t height = weights->ne[1], all = source->ne[1], fit = MOST_VALUES / source->ne[0];
    const int64_t most = fit < GROUP ? fit : fit - fit % GROUP;
    int64_t band = height / (threads * 8);
    if (band < LEAST_ROWS) band = LEAST_ROWS;
    const int64_t bands = (height + band - 1) / band, parts = bands * ((all + most - 1) / most);
    struct columns columns;
    int64_t kept = -1;
    for (;;) {
        const int64_t mine = atomic_fetch_add(taken(node), 1);
        if (mine == parts + threads - 1) atomic_store(taken(node), 0);
        if (mine >= parts) return;
        const int64_t row = mine % bands * band, column = mine / bands * most;
        const int64_t rows = height - row < band ? height - row : band;
        const int64_t count = all - column < most ? all - column : most;
        if (column != kept) quantise(&columns, source, column, count, weights->type);
        kept = column;
        const struct rows part = {(const uint8_t *)weights->data + row * (int64_t)weights->nb[1], weights->nb[1],
                                  rows, (int)(source->ne[0] / (large(weights->type) ? LARGE : BLOCK)),
                                  weights->type};
        multiply(&part, &columns, count, (float *)node->data + column * height + row, (size_t)height);
    }
}

/* Bytes of a block of weights, 0 where the type is not ours. */
static size_t block_bytes(int type) {
    switch (type) {
        case Q4_1: return Q4_1_BYTES;
        case Q5_0: return Q5_0_BYTES;
        case Q8_0: return Q8_0_BYTES;
        case Q4_K: return Q4_K_BYTES;
        case Q5_K: return Q5_K_BYTES;
        case Q6_K: return Q6_K_BYTES;
        default: return 0;
    }
}

/* Whether a node is a product that we make. */
static bool ours(const struct tensor *node) {
    if (node->op != library.product || node->type != F32) return false;
    const struct tensor *weights = node->src[0], *source = node->src[1];
    const size_t bytes = block_bytes(weights->type);
    if (bytes == 0 || weights->nb[0] != bytes) return false;
    if (source->type != F32 || source->nb[0] != sizeof(float)) return false;
    const bool alone = weights->type == Q4_1 || large(weights->type); /* many columns are quicker here */
    const int64_t together = grouped(source->ne[1]), least = large(weights->type) ? LEAST_GROUP : GROUP;
    if (source->ne[1] < 1 || source->ne[0] > MOST_VALUES / (together < least ? together : least)) return false;
    if (source->ne[1] > GROUP && !alone && level != 2) return false; /* llama.cpp is quicker */
    if (source->ne[2] * source->ne[3] * weights->ne[2] * weights->ne[3] != 1) return false;
    if (node->nb[0] != sizeof(float) || node->nb[1] != sizeof(float) * (size_t)node->ne[0]) return false;
    return weights->buffer != NULL && library.is_host(weights->buffer);
}

#include "mul_mat_adapter.h"

/* A `ggml_backend_sched_eval_callback`: makes products ours, and never wants to see a node. */
bool cowrite_mul_mat_watch(struct tensor *node, bool ask, void *unused) {
    (void)unused;
    if (!ask) return false;
    if (adapts(node)) {
        take_over(node);
    } else if (ours(node)) {
        memcpy(node->op_params, library.parameters, sizeof library.parameters);
        atomic_init(taken(node), 0);
        node->op = library.custom;
    }
    remember(node);
    return false;
}
