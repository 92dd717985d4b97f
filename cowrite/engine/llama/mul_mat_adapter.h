/* What an adapter (LoRA) adds to a product: `out = product + scale * B (A x)`, in one node instead of four.
 *
 * llama.cpp makes four small nodes of it for each weight, hundreds in a model, and all threads wait for one another
 * behind each. For a few columns each thread makes A x for itself, which costs less than a wait, and its part of
 * the rows of B. Included by mul_mat.c, which says how nodes are found.
 */
enum { MOST_RANK = 64 };

#define ADAPTER_TARGET __attribute__((target("avx2,fma")))

ADAPTER_TARGET static inline float added_up(__m256 sums) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps(sums, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

/* The product of two rows of floats; `count` is a multiple of 8. */
ADAPTER_TARGET static float row_product(const float *a, const float *b, int64_t count) {
    __m256 even = _mm256_setzero_ps(), odd = _mm256_setzero_ps();
    int64_t at = 0;
    for (; at + 16 <= count; at += 16) {
        even = _mm256_fmadd_ps(_mm256_loadu_ps(a + at), _mm256_loadu_ps(b + at), even);
        odd = _mm256_fmadd_ps(_mm256_loadu_ps(a + at + 8), _mm256_loadu_ps(b + at + 8), odd);
    }
    for (; at < count; at += 8) even = _mm256_fmadd_ps(_mm256_loadu_ps(a + at), _mm256_loadu_ps(b + at), even);
    return added_up(_mm256_add_ps(even, odd));
}

/* The ggml_custom_op_t of such a node, whose sources are the product and, unevaluated, the SCALE of B (A x). */
void cowrite_mul_mat_adapt(struct tensor *node, int thread, int threads, void *unused) {
    (void)unused;
    const struct tensor *scaled = node->src[1], *outer = scaled->src[0], *inner = outer->src[1];
    const struct tensor *up = outer->src[0], *down = inner->src[0], *source = inner->src[1];
    const int64_t width = down->ne[0], rank = down->ne[1], height = up->ne[1], columns = source->ne[1];
    float scale, inside[GROUP][MOST_RANK];
    memcpy(&scale, scaled->op_params, sizeof scale);
    for (int64_t row = 0; row < rank; row++)
        for (int64_t column = 0; column < columns; column++) {
            const float *values = (const float *)((const char *)source->data + column * (int64_t)source->nb[1]);
            inside[column][row] = scale * row_product((const float *)down->data + row * width, values, width);
        }
    const int64_t first = height * thread / threads, last = height * (thread + 1) / threads;
    for (int64_t row = first; row < last; row++)
        for (int64_t column = 0; column < columns; column++)
            ((float *)node->data)[column * height + row] =
                ((const float *)node->src[0]->data)[column * height + row] +
                row_product((const float *)up->data + row * rank, inside[column], rank);
}

/* Whether a tensor is a matrix of floats without gaps. */
static bool plain_floats(const struct tensor *tensor) {
    return tensor->type == F32 && tensor->nb[0] == sizeof(float) &&
           tensor->nb[1] == sizeof(float) * (size_t)tensor->ne[0] && tensor->ne[2] * tensor->ne[3] == 1;
}

static bool in_memory(const struct tensor *tensor) {
    return tensor->buffer != NULL && library.is_host(tensor->buffer);
}

/* The nodes that were asked about last, the newest at the end: what an adapter adds stands in a row. */
static struct tensor *before[3];

/* Whether a node adds an adapter's product to another, in its place, with its three nodes right before it. */
static bool adapts(const struct tensor *node) {
    if (library.add == 0 || node->op != library.add || !plain_floats(node)) return false;
    const struct tensor *scaled = before[2], *outer = before[1], *inner = before[0];
    if (scaled == NULL || outer == NULL || inner == NULL) return false;
    if (node->src[1] != scaled || scaled->op != library.scale || scaled->src[0] != outer) return false;
    if (outer->op != library.product || outer->src[1] != inner || inner->op != library.product) return false;
    const struct tensor *up = outer->src[0], *down = inner->src[0], *source = inner->src[1];
    if (!plain_floats(up) || !plain_floats(down) || !plain_floats(source)) return false;
    if (!in_memory(up) || !in_memory(down) || scaled->op_params[1] != 0) return false; /* [1]: an offset */
    if (node->data != node->src[0]->data || node->src[0]->ne[0] != node->ne[0]) return false;
    const int64_t rank = down->ne[1], columns = source->ne[1];
    return rank % 8 == 0 && rank <= MOST_RANK && down->ne[0] % 8 == 0 && columns >= 1 && columns <= GROUP &&
           up->ne[0] == rank && node->ne[0] == up->ne[1] && node->ne[1] == columns &&
           node->src[0]->ne[1] == columns && source->ne[0] == down->ne[0];
}

/* Let such a node do the work of the three before it, which become nothing. */
static void take_over(struct tensor *node) {
    void (*called)(struct tensor *, int, int, void *) = cowrite_mul_mat_adapt;
    memcpy(node->op_params, library.parameters, sizeof library.parameters);
    memcpy(node->op_params, &called, sizeof called);
    node->op = library.custom;
    for (int place = 0; place < 3; place++) before[place]->op = 0; /* GGML_OP_NONE */
}

static void remember(struct tensor *node) {
    before[0] = before[1];
    before[1] = before[2];
    before[2] = node;
}
