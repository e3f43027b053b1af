// libpng reports errors by longjmp, which must not cross a Swift frame. Everything between setjmp and longjmp therefore
// stays inside these functions; Swift sees a return value and a message. Whatever must survive the jump lies in
// structures in memory, not in registers.

#ifndef MINIM_CPNG_SHIM_H
#define MINIM_CPNG_SHIM_H

#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// A PNG file in one of its two forms: `bytes` (the file) or `pixels` and `text` (its content).
typedef struct {
  uint32_t width, height;
  int channels;            // 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha
  int bits;                // per channel, 8 or 16; 16 in the order of the machine
  uint8_t *pixels;         // rows from the top, without gaps
  uint8_t *bytes;          // the file
  size_t count, capacity;  // of `bytes`
  char *text;              // key, zero, value, zero, and so on
  size_t textCount;        // bytes of `text`
  char message[128];       // why it failed
  // State of the work in progress.
  const uint8_t *source;
  size_t sourceCount;
  uint8_t **rows;
  png_text *chunks;
} minim_png;

static inline void minim_png_free(minim_png *image) {
  free(image->pixels);
  free(image->bytes);
  free(image->text);
  free(image->rows);
  free(image->chunks);
  memset(image, 0, sizeof *image);
}

static inline void minim_png_fail(png_structp png, png_const_charp message) {
  minim_png *image = (minim_png *)png_get_error_ptr(png);
  strncpy(image->message, message, sizeof image->message - 1);
  png_longjmp(png, 1);
}

static inline void minim_png_warn(png_structp png, png_const_charp message) {
  (void)png, (void)message;  // libpng would print it
}

/// Returns memory for `count` things of `size` bytes, or reports an error.
static inline void *minim_png_allocate(png_structp png, size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) png_error(png, "out of memory");
  return memory;
}

static inline void minim_png_append(png_structp png, png_bytep bytes, size_t count) {
  minim_png *image = (minim_png *)png_get_io_ptr(png);
  if (count > image->capacity - image->count) {
    size_t capacity = 2 * image->capacity + count + 1024;
    uint8_t *larger = (uint8_t *)realloc(image->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    image->bytes = larger;
    image->capacity = capacity;
  }
  memcpy(image->bytes + image->count, bytes, count);
  image->count += count;
}

static inline void minim_png_take(png_structp png, png_bytep bytes, size_t count) {
  minim_png *image = (minim_png *)png_get_io_ptr(png);
  if (count > image->sourceCount) png_error(png, "the file ends too early");
  memcpy(bytes, image->source, count);
  image->source += count;
  image->sourceCount -= count;
}

static inline void minim_png_flush(png_structp png) { (void)png; }

/// Returns the number of bytes of a row.
static inline size_t minim_png_stride(const minim_png *image) {
  return image->width * (size_t)image->channels * (size_t)(image->bits / 8);
}

/// Sets the rows of `pixels`, as libpng wants them.
static inline void minim_png_rows(png_structp png, minim_png *image, uint8_t *pixels) {
  image->rows = (uint8_t **)minim_png_allocate(png, image->height, sizeof *image->rows);
  for (size_t y = 0; y < image->height; y++) image->rows[y] = pixels + y * minim_png_stride(image);
}

/// Encodes width x height x channels (1 or 3) bytes of `pixels` into `image->bytes`. `text` holds `texts` pairs of
/// zero-terminated strings. Level and filter are fixed: equal images give equal bytes. Returns 1, or 0 and a message.
static __attribute__((noinline, unused)) int minim_png_encode(
    minim_png *image, const uint8_t *pixels, const char *text, int texts) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, image, minim_png_fail, minim_png_warn);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    strcpy(image->message, "out of memory");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return 0;
  }
  image->bits = 8;
  png_set_write_fn(png, image, minim_png_append, minim_png_flush);
  // Neither drawings nor zoomed images, whose rows repeat, get smaller by differences. Drawings, which have colors, have millions
  // of pixels: half of the time for a tenth more bytes.
  png_set_compression_level(png, image->channels == 1 ? 6 : 3);
  png_set_filter(png, 0, PNG_FILTER_NONE);
  png_set_IHDR(png, info, image->width, image->height, 8, image->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  image->chunks = (png_text *)minim_png_allocate(png, (size_t)texts, sizeof *image->chunks);
  for (int i = 0; i < texts; i++) {
    image->chunks[i].compression = PNG_TEXT_COMPRESSION_NONE;
    image->chunks[i].key = (char *)text;
    image->chunks[i].text = (char *)text + strlen(text) + 1;
    text = image->chunks[i].text + strlen(image->chunks[i].text) + 1;
  }
  png_set_text(png, info, image->chunks, texts);
  minim_png_rows(png, image, (uint8_t *)pixels);
  png_write_info(png, info);
  png_write_image(png, image->rows);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return 1;
}

/// Copies the text chunks to `image->text`.
static inline void minim_png_collect(png_structp png, png_infop info, minim_png *image) {
  png_textp chunks = NULL;
  int count = png_get_text(png, info, &chunks, NULL);
  for (int i = 0; i < count; i++) image->textCount += strlen(chunks[i].key) + strlen(chunks[i].text) + 2;
  image->text = (char *)minim_png_allocate(png, image->textCount, 1);
  char *end = image->text;
  for (int i = 0; i < count; i++) {
    end = stpcpy(end, chunks[i].key) + 1;
    end = stpcpy(end, chunks[i].text) + 1;
  }
}

/// Decodes a file of any PNG kind to 8 bits per channel, or to the 16 that it has if `keepsDepth`. Returns 1, or 0 and a
/// message.
static __attribute__((noinline, unused)) int minim_png_decode(
    minim_png *image, const uint8_t *file, size_t count, uint64_t maximumPixels, int keepsDepth) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, image, minim_png_fail, minim_png_warn);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    strcpy(image->message, "out of memory");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  image->source = file;
  image->sourceCount = count;
  png_set_read_fn(png, image, minim_png_take);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);  // a flipped bit in a text chunk, too, is an error
  png_set_user_limits(png, 1 << 20, 1 << 20);
  png_set_chunk_malloc_max(png, 1 << 20);  // what one compressed text or profile may unfold to
  png_set_chunk_cache_max(png, 256);
  png_read_info(png, info);
  image->width = png_get_image_width(png, info);
  image->height = png_get_image_height(png, info);
  if ((uint64_t)image->width * image->height > maximumPixels) png_error(png, "it has too many pixels");
  // Deflate expands one byte to at most 1032: a small file that claims to be large is refused before memory is taken.
  if ((uint64_t)image->height * png_get_rowbytes(png, info) / 1032 > count)
    png_error(png, "the file is too short for its size");
  png_set_expand(png);    // palettes and few bits to 8 bits, transparent colors to alpha
  if (keepsDepth && png_get_bit_depth(png, info) == 16) {
    const uint16_t one = 1;
    if (*(const uint8_t *)&one) png_set_swap(png);  // the file has the high byte first
  } else {
    png_set_scale_16(png);  // rounded, not cut
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  image->channels = png_get_channels(png, info);
  image->bits = png_get_bit_depth(png, info);
  if (png_get_rowbytes(png, info) != minim_png_stride(image)) png_error(png, "neither 8 nor 16 bits per channel");
  image->pixels = (uint8_t *)minim_png_allocate(png, image->height, minim_png_stride(image));
  minim_png_rows(png, image, image->pixels);
  png_read_image(png, image->rows);
  png_read_end(png, info);
  minim_png_collect(png, info, image);
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

#endif
