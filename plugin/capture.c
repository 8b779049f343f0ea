/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * capture.c - feeds the core. A handle of the core lives as long as an open file; every Ethernet
 * header of a record, also inside tunnels, comes by through Wireshark's "eth" heuristic list, with
 * or without a tree. Records of Linux cooked captures, and of links that are not analysed, are
 * taken whole, by whoever asks for the record first. The layers of the current record are kept
 * until its dissection has ended, because the heartbeat dissector, the post-dissector and the tap
 * need them.
 */
#include "nlb_plugin.h"

#include <epan/tap.h>

enum { ETHERNET_HEADER = 14 };

static dissector_handle_t end_handle;
static int tap;

static nlb_capture *capture;
static nlb_report *result;
/* Read when a file is opened, not for every packet: who switches a protocol makes Wireshark begin
 * the file anew. */
static bool enabled;

/* The current record; finished when the next layer begins another. One is enough: Wireshark
 * dissects one record at a time. */
static nlb_record current;
static bool finished = true;
/* Whether the core had anything to say when its layers were fed. */
static bool answered;

/* Of frame 1. Wireshark's own relative time begins again at every time reference the user sets. */
static nstime_t start;

/* ---- the open file ---- */

static void
capture_end(void)
{
    nlb_capture_free(capture);
    nlb_report_free(result);
    capture = NULL;
    result = NULL;
    finished = true;
}

static void
capture_begin(void)
{
    nlb_config config;

    capture_end();
    enabled = proto_is_protocol_enabled(find_protocol_by_id(nlb_proto(NLB_SECTION_ANALYSIS)));
    nlb_config_defaults(&config);
    for (size_t i = 0; i < NLB_SETTING_COUNT; i++)
        config.value[i] = nlb_setting_value(i);
    nlb_uats_fill(&config);
    capture = nlb_capture_new(&config);
    result = nlb_report_new();
}

const nlb_capture *
nlb_capture_current(void)
{
    return capture;
}

nlb_report *
nlb_capture_result(void)
{
    return result;
}

/* ---- the current record ---- */

/* Frame numbers are no identity: with a read filter a dropped frame shares its number with the next
 * one. */
static bool
is_current(const packet_info *pinfo)
{
    return !finished && current.layers[0].record == (uint64_t)pinfo->fd->file_off &&
           current.layers[0].number == pinfo->num;
}

/* ---- times ---- */

static int64_t
nanoseconds(const nstime_t *time)
{
    const int64_t second = 1000000000;
    const int64_t limit = INT64_MAX / second - 1;

    if (G_UNLIKELY(time->secs < -limit || time->secs > limit))
        return time->secs < 0 ? INT64_MIN : INT64_MAX;
    return time->secs * second + time->nsecs;
}

int64_t
nlb_capture_since_start(const packet_info *pinfo)
{
    nstime_t since;

    nstime_delta(&since, &pinfo->abs_ts, &start);
    return nanoseconds(&since);
}

/* ---- one layer ---- */

/* Interfaces are numbered anew in every section of a pcapng file. */
static uint32_t
interface_of(const wtap_rec *rec)
{
    uint32_t id = 0;

    if ((rec->presence_flags & (WTAP_HAS_INTERFACE_ID | WTAP_HAS_SECTION_NUMBER)) == 0)
        return 0;
    if (rec->rec_type == REC_TYPE_PACKET && (rec->presence_flags & WTAP_HAS_INTERFACE_ID))
        id = rec->rec_header.packet_header.interface_id;
    if (rec->presence_flags & WTAP_HAS_SECTION_NUMBER)
        id ^= rec->section_number << 16;
    return id;
}

static int
encapsulation(const packet_info *pinfo)
{
    const wtap_rec *rec = pinfo->rec;

    return rec->rec_type == REC_TYPE_PACKET ? rec->rec_header.packet_header.pkt_encap
                                            : WTAP_ENCAP_UNKNOWN;
}

/* Bytes of frame check sequence, as far as the file tells. */
static uint32_t
fcs_length(const packet_info *pinfo)
{
    if (encapsulation(pinfo) != WTAP_ENCAP_ETHERNET || pinfo->pseudo_header->eth.fcs_len <= 0)
        return 0;
    return (uint32_t)pinfo->pseudo_header->eth.fcs_len;
}

/* Written in its place, and fed on the first visit. */
static inline void
take_layer(tvbuff_t *tvb, uint32_t captured, const packet_info *pinfo, size_t count, nlb_link link)
{
    /* Wireshark is asked first: what lives longer than its answers has to be saved from them. */
    const uint8_t *bytes = tvb_get_ptr(tvb, 0, (gint)captured);
    uint32_t wire = tvb_reported_length(tvb);
    const frame_data *fd = pinfo->fd;
    nlb_frame *layer = &current.layers[count];

    if (count == 0) {
        const uint32_t fcs = fcs_length(pinfo);

        if (G_UNLIKELY(fcs > 0) && wire >= ETHERNET_HEADER + fcs)
            wire -= fcs;
        captured = MIN(captured, wire);
    }
    layer->record = (uint64_t)fd->file_off;
    layer->number = pinfo->num;
    layer->layer = (uint32_t)count;
    layer->interface_id = interface_of(pinfo->rec);
    layer->captured_len = captured;
    layer->wire_len = MAX(wire, captured); /* a length field may claim less than is there */
    layer->time_ns = nanoseconds(&pinfo->abs_ts);
    layer->bytes = bytes;
    layer->link = link;
    current.count = count + 1;
    finished = false;
    if (!fd->visited && nlb_capture_feed(capture, layer) != NLB_OK)
        answered = true;
}

/* ---- records that are not Ethernet ---- */

/* The bytes of the record itself; what is reassembled or decrypted comes behind it. */
static G_GNUC_NO_INLINE void
take_whole(const packet_info *pinfo, nlb_link link)
{
    uint32_t captured;
    tvbuff_t *tvb;

    if (pinfo->data_src == NULL || !enabled)
        return;
    tvb = get_data_source_tvb((const struct data_source *)pinfo->data_src->data);
    captured = tvb_captured_length(tvb);
    if (captured > 0)
        take_layer(tvb, captured, pinfo, 0, link);
}

static G_GNUC_NO_INLINE void
take_cooked(const packet_info *pinfo)
{
    const int link = encapsulation(pinfo);

    if (link == WTAP_ENCAP_SLL)
        take_whole(pinfo, NLB_LINK_COOKED);
    else if (link == WTAP_ENCAP_SLL2)
        take_whole(pinfo, NLB_LINK_COOKED2);
}

/* Of the current record. No "eth" heuristic is called for a cooked one, and it comes before what is
 * tunnelled in it. */
static inline size_t
layers_so_far(const packet_info *pinfo)
{
    if (is_current(pinfo))
        return current.count;
    current.count = 0;
    answered = false;
    if (G_UNLIKELY(encapsulation(pinfo) != WTAP_ENCAP_ETHERNET))
        take_cooked(pinfo);
    return current.count;
}

/* A network, and no bus, log or radio where nobody expects NLB. */
static bool
is_network(const packet_info *pinfo)
{
    static const char *const protocols[] = {"ip", "ipv6", "arp", "wlan", "nlb"};

    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (proto_is_frame_protocol(pinfo->layers, protocols[i]))
            return true;
    }
    return false;
}

/* A record in which no Ethernet was met. */
static G_GNUC_NO_INLINE void
take_other(const packet_info *pinfo)
{
    const int link = encapsulation(pinfo);

    if (link != WTAP_ENCAP_UNKNOWN && link != WTAP_ENCAP_ETHERNET && link != WTAP_ENCAP_SLL &&
        link != WTAP_ENCAP_SLL2 && is_network(pinfo))
        take_whole(pinfo, NLB_LINK_OTHER);
}

/* Ethernet in a tunnel. Apart, so that the outermost layer is taken with a count that is known. */
static G_GNUC_NO_INLINE void
take_inner(tvbuff_t *tvb, uint32_t captured, const packet_info *pinfo, size_t count)
{
    take_layer(tvb, captured, pinfo, count, NLB_LINK_ETHERNET);
}

/* ---- the hooks ---- */

/* Never claims the frame and never throws: Wireshark does not catch around heuristics. Runs for
 * every packet of every capture. */
static ws_bool
see_ethernet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    const uint32_t captured = tvb_captured_length(tvb);
    size_t count;

    if (captured < ETHERNET_HEADER || !enabled)
        return FALSE;
    count = layers_so_far(pinfo);
    if (G_LIKELY(count == 0))
        take_layer(tvb, captured, pinfo, 0, NLB_LINK_ETHERNET);
    else if (count < NLB_MAX_LAYERS)
        take_inner(tvb, captured, pinfo, count);
    return FALSE;
}

/* The post-dissector: behind every packet, few of which have anything to report. The next layer
 * that is seen begins a new record. */
static int
end_record(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    bool is_reportable;

    if (layers_so_far(pinfo) == 0)
        take_other(pinfo);
    if (G_UNLIKELY(pinfo->num == 1))
        start = pinfo->abs_ts;
    finished = true;
    is_reportable =
        (answered || pinfo->fd->visited) && nlb_capture_is_reportable(capture, pinfo->num);
    return is_reportable || have_tap_listener(tap) ? nlb_analysis_report(tvb, pinfo, tree) : 0;
}

/* ---- who asks ---- */

const nlb_record *
nlb_capture_finished_record(void)
{
    return current.count > 0 && result != NULL ? &current : NULL;
}

const nlb_frame *
nlb_capture_layer_of(const packet_info *pinfo, const uint8_t *payload)
{
    for (size_t i = layers_so_far(pinfo); i > 0; i--) {
        const nlb_frame *layer = &current.layers[i - 1];

        if (payload >= layer->bytes && payload < layer->bytes + layer->captured_len)
            return layer;
    }
    return NULL;
}

/* ---- */

void
nlb_capture_register(void)
{
    register_init_routine(capture_begin);
    register_cleanup_routine(capture_end);
    end_handle = create_dissector_handle(end_record, nlb_proto_hook());
}

void
nlb_capture_handoff(void)
{
    /* Of no protocol: Wireshark then keeps no books of a layer for it, and we ask ourselves whether
     * the analysis is switched on. The price: --disable-heuristic nlb_eth has no effect, switching
     * NLB Analysis off under Enabled Protocols has. */
    heur_dissector_add("eth", see_ethernet, "NLB Analysis", "nlb_eth", -1, HEURISTIC_ENABLE);
    register_postdissector(end_handle);
    tap = find_tap_id(NLB_TAP);
}
