/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tls_plugin.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Tls { SSL_CTX *context; SSL *ssl; BIO *in, *out; } Tls;

static void tls_close(void *tls)
{
    Tls *t = tls;
    SSL_free(t->ssl);
    SSL_CTX_free(t->context);
    free(t);
}

static void say_why(char *why, size_t size)
{
    unsigned long code = ERR_get_error();
    const char *text = code ? ERR_reason_error_string(code) : NULL;
    snprintf(why, size, "%s", text ? text : "it does not speak TLS");
    ERR_clear_error();
}

/* The name or the address that the certificate must be for. */
static bool expect_host(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1)
        return true;
    ERR_clear_error();
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static bool set_up(Tls *t, const char *host, const char *ca_file)
{
    t->context = SSL_CTX_new(TLS_client_method());
    if (!t->context || SSL_CTX_set_min_proto_version(t->context, TLS1_2_VERSION) != 1)
        return false;
    SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER, NULL);
    if ((*ca_file ? SSL_CTX_load_verify_file(t->context, ca_file)
                  : SSL_CTX_set_default_verify_paths(t->context)) != 1)
        return false;
    t->ssl = SSL_new(t->context);
    t->in = BIO_new(BIO_s_mem());
    t->out = BIO_new(BIO_s_mem());
    if (!t->ssl || !t->in || !t->out) {
        BIO_free(t->in);
        BIO_free(t->out);
        return false;
    }
    SSL_set_bio(t->ssl, t->in, t->out);   /* they are the session's now */
    SSL_set_connect_state(t->ssl);
    return expect_host(t->ssl, host);
}

static void *tls_open(const char *host, const char *ca_file, char *why, size_t size)
{
    Tls *t = calloc(1, sizeof *t);
    if (t && set_up(t, host, ca_file))
        return t;
    say_why(why, size);
    if (t)
        tls_close(t);
    return NULL;
}

static bool tls_receive(void *tls, const char *s, size_t n)
{
    return n == 0 || BIO_write(((Tls *)tls)->in, s, (int)n) == (int)n;
}

static bool tls_ready(void *tls, char *why, size_t size)
{
    Tls *t = tls;
    *why = '\0';
    if (SSL_is_init_finished(t->ssl))
        return true;
    int rc = SSL_do_handshake(t->ssl);
    if (rc == 1)
        return true;
    int error = SSL_get_error(t->ssl, rc);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return false;
    long verdict = SSL_get_verify_result(t->ssl);
    if (verdict != X509_V_OK)
        snprintf(why, size, "its certificate does not hold: %s",
                 X509_verify_cert_error_string(verdict));
    else
        say_why(why, size);
    ERR_clear_error();
    return false;
}

static bool tls_send(void *tls, const char *s, size_t n)
{
    return n == 0 || SSL_write(((Tls *)tls)->ssl, s, (int)n) == (int)n;
}

static size_t tls_read(void *tls, char *out, size_t size)
{
    int n = SSL_read(((Tls *)tls)->ssl, out, (int)size);
    if (n <= 0)
        ERR_clear_error();
    return n > 0 ? (size_t)n : 0;
}

static size_t tls_take(void *tls, char *out, size_t size)
{
    int n = BIO_read(((Tls *)tls)->out, out, (int)size);
    return n > 0 ? (size_t)n : 0;
}

const TlsPlugin *patter_tls_plugin(void);

__attribute__((visibility("default"))) const TlsPlugin *patter_tls_plugin(void)
{
    static const TlsPlugin table = { TLS_PLUGIN_VERSION, tls_open, tls_receive, tls_ready, tls_send,
                                     tls_read, tls_take, tls_close };
    return &table;
}
