/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * uat.c - the two tables a user fills: clusters the capture does not prove, and routers that are
 * expected. Wireshark keeps rows as text; they are checked when entered and read when a file is
 * opened.
 */
#include "nlb_plugin.h"

#include <epan/prefs.h>
#include <epan/uat.h>
#include <wsutil/inet_addr.h>

enum { MAC_LENGTH = 6 };

typedef struct cluster_row {
    char *cluster_ip;
    guint mode;
    char *mac;
} cluster_row;

typedef struct router_row {
    char *mac;
    char *name;
} router_row;

static cluster_row *clusters;
static guint cluster_count;
static router_row *routers;
static guint router_count;

static const value_string modes[] = {{NLB_MODE_UNICAST, "Unicast"},
                                     {NLB_MODE_MULTICAST, "Multicast"},
                                     {NLB_MODE_IGMP, "IGMP multicast"},
                                     {0, NULL}};

/* ---- text to addresses ---- */

/* Twelve hexadecimal digits in any of the usual notations: 00:11:.., 00-11-.., 0011.2233.4455. */
static bool
read_mac(const char *text, uint8_t mac[MAC_LENGTH])
{
    int digits = 0;

    memset(mac, 0, MAC_LENGTH);
    for (; text && *text; text++) {
        if (strchr(":-.", *text))
            continue;
        if (!g_ascii_isxdigit(*text) || digits == 2 * MAC_LENGTH)
            return false;
        mac[digits / 2] = (uint8_t)(mac[digits / 2] << 4 | g_ascii_xdigit_value(*text));
        digits++;
    }
    return digits == 2 * MAC_LENGTH;
}

static bool
is_group(const uint8_t mac[MAC_LENGTH])
{
    return mac[0] & 1;
}

static bool
is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

static bool
read_ip(const char *text, uint8_t ip[4])
{
    ws_in4_addr parsed;

    if (text == NULL || !ws_inet_pton4(text, &parsed))
        return false;
    memcpy(ip, &parsed, sizeof parsed);
    return true;
}

static bool
is_host_ip(const uint8_t ip[4])
{
    return ip[0] != 0 && ip[0] < 224;
}

/* ---- checks: NULL, or a sentence for the user that g_free takes ---- */

static char *
refuse_ip(const char *text)
{
    uint8_t ip[4];

    if (is_empty(text))
        return g_strdup("The cluster IP is missing; it is the cluster's primary IPv4 address.");
    if (!read_ip(text, ip))
        return g_strdup_printf("\"%s\" is not an IPv4 address.", text);
    if (!is_host_ip(ip))
        return g_strdup_printf("%s cannot be a cluster's address: it is not a unicast one.", text);
    return NULL;
}

static char *
refuse_mac(const char *text)
{
    uint8_t mac[MAC_LENGTH];

    if (read_mac(text, mac))
        return NULL;
    return g_strdup_printf("\"%s\" is not a MAC address; write it like 00:11:22:33:44:55.", text);
}

static char *
refuse_cluster_mac(const char *text)
{
    return is_empty(text) ? NULL : refuse_mac(text);
}

static char *
refuse_router_mac(const char *text)
{
    uint8_t mac[MAC_LENGTH];

    if (is_empty(text))
        return g_strdup("The router's MAC address is missing.");
    if (read_mac(text, mac) && is_group(mac))
        return g_strdup_printf("%s is a group address; nobody sends from it.", text);
    return refuse_mac(text);
}

static char *
refuse_cluster(const cluster_row *row)
{
    uint8_t mac[MAC_LENGTH];

    if (is_empty(row->mac) || !read_mac(row->mac, mac))
        return NULL;
    if (row->mode == NLB_MODE_UNICAST && is_group(mac))
        return g_strdup_printf("%s is a group address; a unicast cluster has none.", row->mac);
    if (row->mode != NLB_MODE_UNICAST && !is_group(mac))
        return g_strdup_printf("%s is no group address; a multicast cluster has one.", row->mac);
    return NULL;
}

static char *
refuse_mode(const char *text)
{
    for (const value_string *mode = modes; mode->strptr; mode++) {
        if (strcmp(text, mode->strptr) == 0)
            return NULL;
    }
    return g_strdup_printf("\"%s\" is no mode; there are \"%s\", \"%s\" and \"%s\".", text,
                           modes[0].strptr, modes[1].strptr, modes[2].strptr);
}

/* The callbacks' form: the text of a field is not always ended. */
static ws_uat_bool
check_field(char *(*refuse)(const char *), const char *text, guint length, char **error)
{
    char *copy = g_strndup(text ? text : "", text ? length : 0);

    *error = refuse(copy);
    g_free(copy);
    return *error == NULL;
}

#define CHECK_CALLBACK(name, refuse)                                                               \
    static ws_uat_bool name(void *row _U_, const char *text, guint length,                         \
                            const void *unused1 _U_, const void *unused2 _U_, char **error)        \
    {                                                                                              \
        return check_field(refuse, text, length, error);                                           \
    }

CHECK_CALLBACK(check_ip, refuse_ip)
CHECK_CALLBACK(check_mode, refuse_mode)
CHECK_CALLBACK(check_cluster_mac, refuse_cluster_mac)
CHECK_CALLBACK(check_router_mac, refuse_router_mac)

/* ---- rows ---- */

UAT_CSTRING_CB_DEF(cluster, cluster_ip, cluster_row)
UAT_VS_DEF(cluster, mode, cluster_row, guint, NLB_MODE_UNICAST, "Unicast")
UAT_CSTRING_CB_DEF(cluster, mac, cluster_row)
UAT_CSTRING_CB_DEF(router, mac, router_row)
UAT_CSTRING_CB_DEF(router, name, router_row)

static void *
copy_cluster(void *to, const void *from, size_t length _U_)
{
    const cluster_row *source = (const cluster_row *)from;
    cluster_row *copy = (cluster_row *)to;

    copy->cluster_ip = g_strdup(source->cluster_ip);
    copy->mode = source->mode;
    copy->mac = g_strdup(source->mac);
    return copy;
}

static ws_uat_bool
check_cluster(void *row, char **error)
{
    *error = refuse_cluster((const cluster_row *)row);
    return *error == NULL;
}

static void
free_cluster(void *row)
{
    g_free(((cluster_row *)row)->cluster_ip);
    g_free(((cluster_row *)row)->mac);
}

static void *
copy_router(void *to, const void *from, size_t length _U_)
{
    const router_row *source = (const router_row *)from;
    router_row *copy = (router_row *)to;

    copy->mac = g_strdup(source->mac);
    copy->name = g_strdup(source->name);
    return copy;
}

static void
free_router(void *row)
{
    g_free(((router_row *)row)->mac);
    g_free(((router_row *)row)->name);
}

/* ---- the tables ---- */

/* The button Help opens a page of Wireshark's own User's Guide, and can open no other. */
#define HELP "ChCustPreferencesSection"

static void
register_clusters(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING_OTHER(cluster, cluster_ip, "Cluster IP", check_ip,
                              "Primary IPv4 address of the cluster"),
        /* UAT_FLD_VS, with a check that names the choices. */
        {"mode",
         "Mode",
         PT_TXTMOD_ENUM,
         {check_mode, cluster_mode_set_cb, cluster_mode_tostr_cb},
         {modes, modes, modes},
         modes,
         "Operation mode of the cluster",
         FLDFILL},
        UAT_FLD_CSTRING_OTHER(cluster, mac, "Cluster MAC", check_cluster_mac,
                              "Only if it was set by hand; empty: derived from mode and IP"),
        UAT_END_FIELDS};
    uat_t *uat = uat_new("NLB Clusters", sizeof(cluster_row), "nlb_clusters", TRUE, &clusters,
                         &cluster_count, UAT_AFFECTS_DISSECTION, HELP, copy_cluster, check_cluster,
                         free_cluster, NULL, NULL, fields);

    prefs_register_uat_preference(
        module, "clusters", "Known clusters",
        "Clusters the analysis shall know although the capture does not prove them", uat);
}

static void
register_routers(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING_OTHER(router, mac, "MAC", check_router_mac,
                              "MAC address the router sends from"),
        UAT_FLD_CSTRING(router, name, "Name", "Shown where the router is named"), UAT_END_FIELDS};
    uat_t *uat =
        uat_new("NLB Routers", sizeof(router_row), "nlb_routers", TRUE, &routers, &router_count,
                UAT_AFFECTS_DISSECTION, HELP, copy_router, NULL, free_router, NULL, NULL, fields);

    prefs_register_uat_preference(module, "routers", "Expected routers",
                                  "Routers that are expected to forward the clusters' packets: "
                                  "copies that come from them are ordinary routing",
                                  uat);
}

void
nlb_uats_register(struct pref_module *module)
{
    register_clusters(module);
    register_routers(module);
}

/* ---- to the core ---- */

static nlb_cluster_entry
cluster_entry(const cluster_row *row)
{
    nlb_cluster_entry entry = {.mode = (nlb_mode)row->mode};

    read_ip(row->cluster_ip, entry.cluster_ip);
    if (!is_empty(row->mac))
        read_mac(row->mac, entry.mac);
    return entry;
}

static nlb_router_entry
router_entry(const router_row *row)
{
    nlb_router_entry entry = {.name = row->name ? row->name : ""};

    read_mac(row->mac, entry.mac);
    return entry;
}

void
nlb_uats_fill(nlb_config *config)
{
    static nlb_cluster_entry *cluster_entries;
    static nlb_router_entry *router_entries;

    cluster_entries = g_renew(nlb_cluster_entry, cluster_entries, cluster_count);
    for (guint i = 0; i < cluster_count; i++)
        cluster_entries[i] = cluster_entry(&clusters[i]);
    router_entries = g_renew(nlb_router_entry, router_entries, router_count);
    for (guint i = 0; i < router_count; i++)
        router_entries[i] = router_entry(&routers[i]);

    config->clusters = cluster_entries;
    config->cluster_count = cluster_count;
    config->routers = router_entries;
    config->router_count = router_count;
}
