/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls_plugin.h -- the face of the plugin `tls`, which holds OpenSSL: the client's side of TLS as a
 * transformation of bytes, without a socket.
 *
 * The server's certificate is always checked, its chain and its name.
 */
#ifndef BASE_TLS_PLUGIN_H
#define BASE_TLS_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

enum { TLS_PLUGIN_VERSION = 1 };          /* raised whenever a function here changes */

typedef struct TlsPlugin {
    int version;                          /* TLS_PLUGIN_VERSION as it was built */
    /* A session with a host, by name or address. `ca_file`: PEM file of who may have signed its
     * certificate; "": the system's. NULL: why says it. */
    void *(*open)(const char *host, const char *ca_file, char *why, size_t size);
    bool (*receive)(void *tls, const char *s, size_t n);  /* from the network */
    /* Whether the server is who it should be and bytes may be sent; false with why not empty: it
     * failed. */
    bool (*ready)(void *tls, char *why, size_t size);
    bool (*send)(void *tls, const char *s, size_t n);         /* once ready */
    size_t (*read)(void *tls, char *out, size_t size);    /* what was received; 0: no more now */
    size_t (*take)(void *tls, char *out, size_t size);    /* for the network; 0: no more now */
    void (*close)(void *tls);
} TlsPlugin;

#endif
