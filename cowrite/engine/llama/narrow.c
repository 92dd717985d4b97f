/* Narrow products: a quantised matrix of weights times a few columns, one for each sequence of a batch.
 *
 * llama.cpp multiplies one column with a kernel that reads the weights in a row, as fast as memory gives
 * them, and several columns with another one that reads four rows in turn and waits for memory. Here a block
 * of weights is read once and multiplied with all columns, so that three candidates cost hardly more than
 * one. The sums are made in the order of llama.cpp's kernel for one column, so that their bits are the same.
 *
 * How it comes into the graph: `cowrite_narrow_watch` is a context's `cb_eval`, which ggml's scheduler asks
 * about each node before it evaluates the graph. It never wants to see a result; a product that is ours is
 * made a node of ggml's own kind CUSTOM, which calls `cowrite_narrow_multiply` on each of ggml's threads.
 *
 * narrow.py checks that the library's tensors look as they are declared here, and that the products are
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

enum { Q4_1 = 3, Q5_0 = 6, Q8_0 = 8, F32 = 0 }; /* GGUF's numbers */
enum { Q4_1_BYTES = 20, Q5_0_BYTES = 22, Q8_0_BYTES = 34, Q8_1_BYTES = 36 }; /* of a block */
enum { BLOCK = 32 };          /* values of a block, in all of them */
enum { GROUP = 4 };           /* columns that are multiplied at once */
enum { MOST_COLUMNS = 8 };    /* of a product that is ours; from there on llama.cpp is as quick */
enum { MOST_VALUES = 49152 }; /* of all columns: they fit the stack of a thread that has 128 KB (musl) */
enum { RUN = 2048 };          /* values that are quantised at once */
enum { LEAST_ROWS = 32 };     /* that a thread takes at a time */
enum { AHEAD = 2048 };        /* bytes of weights that are asked of memory before they are needed */

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

/* What narrow.py found in the library. */
struct library {
    int32_t product;              /* the number of the op MUL_MAT */
    int32_t custom;               /* and of CUSTOM */
    int32_t parameters[16];       /* op_params of a CUSTOM node that calls us */
    bool (*is_host)(void *buffer); /* whether a tensor's bytes lie there as they do in the file */
    void (*to_q8_0)(const float *values, void *blocks, int64_t count);
    void (*to_q8_1)(const float *values, void *blocks, int64_t count);
};

/* Columns, quantised, one behind the other: the values, and of each block its scale and its sum times its scale. */
struct columns {
    uint8_t values[MOST_VALUES];
    float scale[MOST_VALUES / BLOCK];
    float sum[MOST_VALUES / BLOCK];
};
_Static_assert(sizeof(struct columns) + RUN / BLOCK * Q8_1_BYTES < 65536, "half of a small stack");

/* Some rows of weights. */
struct rows {
    const uint8_t *place;
    size_t stride; /* bytes from a row to the next */
    int64_t count;
    int blocks; /* of a row */
    int type;
};

static struct library library;

#define NAME(name) name##_vnni
#define TARGET __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni")))
#define VNNI 1
#include "narrow_rows.h"

#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define VNNI 0
#include "narrow_rows.h"

/* 0: there is nothing for this processor. 1: AVX2. 2: AVX-512 with VNNI. */
int cowrite_narrow_level(void) {
    __builtin_cpu_init();
    unsigned a, b, c, d; /* older compilers know no name for F16C */
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_F16C)) return 0;
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
    return __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") ? 2 : 1;
}

static int level; /* the one in use: 1 or 2 */

/* Take what was found in the library and use the kernels of `wanted` (1 or 2, no more than the processor has). */
void cowrite_narrow_use(const struct library *found, int wanted) {
    library = *found;
    level = wanted;
}

/* Quantise all columns of `source` as llama.cpp does, for weights of `type`. */
static void quantise(struct columns *columns, const struct tensor *source, int type) {
    uint8_t blocks[RUN / BLOCK * Q8_1_BYTES];
    const size_t bytes = type == Q4_1 ? Q8_1_BYTES : Q8_0_BYTES;
    int place = 0;
    for (int64_t column = 0; column < source->ne[1]; column++) {
        const float *values = (const float *)((const char *)source->data + column * (int64_t)source->nb[1]);
        for (int64_t at = 0; at < source->ne[0]; at += RUN) {
            const int64_t left = source->ne[0] - at, count = left < RUN ? left : RUN;
            (type == Q4_1 ? library.to_q8_1 : library.to_q8_0)(values + at, blocks, count);
            (level == 2 ? pack_vnni : pack_avx2)(columns->values + place * BLOCK, columns->scale + place,
                                                 columns->sum + place, blocks, bytes, (int)(count / BLOCK));
            place += (int)(count / BLOCK);
        }
    }
}

/* The word of a node's op_params that ggml leaves alone in CUSTOM nodes: how many bands of rows were taken. */
static atomic_int *taken(struct tensor *node) {
    _Static_assert(sizeof(atomic_int) == sizeof(int32_t), "a counter fits a word");
    return (atomic_int *)&node->op_params[12];
}

/* Thread `thread` of `threads`' part of a product. Who is ready takes the next band of rows, so that a busy core
 * does not keep the others waiting; the one that comes last makes the node ready for its next evaluation. */
void cowrite_narrow_multiply(struct tensor *node, int thread, int threads, void *unused) {
    (void)thread;
    (void)unused;
    const struct tensor *weights = node->src[0], *source = node->src[1];
    const int64_t rows = weights->ne[1], blocks = source->ne[0] / BLOCK;
    int64_t band = rows / (threads * 8);
    if (band < LEAST_ROWS) band = LEAST_ROWS;
    const int bands = (int)((rows + band - 1) / band);
    struct columns columns;
    quantise(&columns, source, weights->type);
    for (;;) {
        const int mine = atomic_fetch_add(taken(node), 1);
        if (mine == bands + threads - 1) atomic_store(taken(node), 0);
        if (mine >= bands) return;
        const int64_t first = mine * band, count = first + band < rows ? band : rows - first;
        const struct rows part = {(const uint8_t *)weights->data + first * (int64_t)weights->nb[1],
                                  weights->nb[1], count, (int)blocks, weights->type};
        for (int64_t column = 0; column < source->ne[1]; column += GROUP) {
            const int64_t left = source->ne[1] - column;
            float *out = (float *)node->data + column * rows + first;
            (level == 2 ? rows_vnni : rows_avx2)(&part, &columns, (int)(column * blocks),
                                                 (int)(left < GROUP ? left : GROUP), out, (size_t)rows);
        }
    }
}

/* Bytes of a block of weights, 0 where the type is not ours. */
static size_t block_bytes(int type) {
    return type == Q4_1 ? Q4_1_BYTES : type == Q5_0 ? Q5_0_BYTES : type == Q8_0 ? Q8_0_BYTES : 0;
}

/* Whether a node is a product that we make. */
static bool ours(const struct tensor *node) {
    if (node->op != library.product || node->type != F32) return false;
    const struct tensor *weights = node->src[0], *source = node->src[1];
    const size_t bytes = block_bytes(weights->type);
    if (bytes == 0 || weights->nb[0] != bytes) return false;
    if (source->type != F32 || source->nb[0] != sizeof(float)) return false;
    if (source->ne[1] < 1 || source->ne[1] > MOST_COLUMNS) return false;
    if (source->ne[0] > MOST_VALUES / source->ne[1]) return false;
    if (source->ne[2] * source->ne[3] * weights->ne[2] * weights->ne[3] != 1) return false;
    if (node->nb[0] != sizeof(float) || node->nb[1] != sizeof(float) * (size_t)node->ne[0]) return false;
    return weights->buffer != NULL && library.is_host(weights->buffer);
}

/* A `ggml_backend_sched_eval_callback`: makes products ours, and never wants to see a node. */
bool cowrite_narrow_watch(struct tensor *node, bool ask, void *unused) {
    (void)unused;
    if (ask && ours(node)) {
        memcpy(node->op_params, library.parameters, sizeof library.parameters);
        atomic_init(taken(node), 0);
        node->op = library.custom;
    }
    return false;
}
