// zlib, for deflated data inside of zip archives. Its interface is plain C functions on a struct: nothing to wrap.

#ifndef MINIM_CZLIB_SHIM_H
#define MINIM_CZLIB_SHIM_H

#include <zlib.h>

#endif
