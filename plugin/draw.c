/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * draw.c - the core's items and hits as Wireshark's. Every text is data, never a format string.
 */
#include "nlb_plugin.h"

/* Deeper items hang on the deepest one. */
enum { MAX_DEPTH = 4 };

/* ---- one item, by kind ---- */

typedef proto_item *(*add_item)(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item);

static proto_item *
add_heading(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    return proto_tree_add_none_format(tree, hf, tvb, (gint)item->offset, (gint)item->length, "%s",
                                      item->text ? item->text : "");
}

static proto_item *
add_uint(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    const gint at = (gint)item->offset, length = (gint)item->length;

    if (item->text)
        return proto_tree_add_uint_format_value(tree, hf, tvb, at, length, (guint32)item->value,
                                                "%s", item->text);
    return proto_tree_add_uint(tree, hf, tvb, at, length, (guint32)item->value);
}

static proto_item *
add_uint64(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    const gint at = (gint)item->offset, length = (gint)item->length;

    if (item->text)
        return proto_tree_add_uint64_format_value(tree, hf, tvb, at, length, item->value, "%s",
                                                  item->text);
    return proto_tree_add_uint64(tree, hf, tvb, at, length, item->value);
}

static proto_item *
add_boolean(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    return proto_tree_add_boolean(tree, hf, tvb, (gint)item->offset, (gint)item->length,
                                  (guint32)item->value);
}

static proto_item *
add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    return proto_tree_add_string(tree, hf, tvb, (gint)item->offset, (gint)item->length,
                                 item->text ? item->text : "");
}

static proto_item *
add_ether(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    return proto_tree_add_ether(tree, hf, tvb, (gint)item->offset, (gint)item->length,
                                item->address);
}

static proto_item *
add_ipv4(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    ws_in4_addr ip;

    memcpy(&ip, item->address, sizeof ip);
    return proto_tree_add_ipv4(tree, hf, tvb, (gint)item->offset, (gint)item->length, ip);
}

static proto_item *
add_ipv6(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    ws_in6_addr ip;

    memcpy(&ip, item->address, sizeof ip);
    return proto_tree_add_ipv6(tree, hf, tvb, (gint)item->offset, (gint)item->length, &ip);
}

static proto_item *
add_duration(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    const int64_t second = 1000000000, value = (int64_t)item->value;
    /* Both parts carry the sign. */
    nstime_t time = {(time_t)(value / second), (int)(value % second)};

    return proto_tree_add_time(tree, hf, tvb, (gint)item->offset, (gint)item->length, &time);
}

static proto_item *
add_bytes(proto_tree *tree, int hf, tvbuff_t *tvb, const nlb_item *item)
{
    /* Wireshark's own text would be longer than a line, from 4.4 on much longer. */
    enum { SHOWN = 32 };
    const gint at = (gint)item->offset, length = (gint)item->length;
    proto_item *drawn;
    char *start;

    if (length <= SHOWN)
        return proto_tree_add_item(tree, hf, tvb, at, length, ENC_NA);
    start = tvb_bytes_to_str(NULL, tvb, at, SHOWN);
    drawn = proto_tree_add_bytes_format_value(tree, hf, tvb, at, length, NULL, "%s... (%d bytes)",
                                              start, length);
    wmem_free(NULL, start);
    return drawn;
}

// clang-format off
static const add_item add_by_kind[NLB_KIND_COUNT] = {
    [NLB_KIND_NONE] = add_heading,
    [NLB_KIND_UINT8] = add_uint,
    [NLB_KIND_UINT16] = add_uint,
    [NLB_KIND_UINT32] = add_uint,
    [NLB_KIND_UINT64] = add_uint64,
    [NLB_KIND_BOOLEAN] = add_boolean,
    [NLB_KIND_STRING] = add_string,
    [NLB_KIND_ETHER] = add_ether,
    [NLB_KIND_IPV4] = add_ipv4,
    [NLB_KIND_IPV6] = add_ipv6,
    [NLB_KIND_FRAME] = add_uint,
    [NLB_KIND_DURATION] = add_duration,
    [NLB_KIND_BYTES] = add_bytes,
};
// clang-format on

/* ---- all items ---- */

/* The last item of each depth, and the tree below it once something hangs there. */
typedef struct branch {
    proto_item *item;
    proto_tree *below;
    int ett;
} branch;

static proto_tree *
tree_below(branch *parent)
{
    if (parent->below == NULL)
        parent->below = proto_item_add_subtree(parent->item, parent->ett);
    return parent->below;
}

static proto_item *
draw_item(const nlb_item *item, tvbuff_t *tvb, proto_tree *tree)
{
    proto_item *drawn = add_by_kind[nlb_field(item->field)->kind](tree, nlb_hf(item), tvb, item);

    if (item->flags & NLB_ITEM_GENERATED)
        proto_item_set_generated(drawn);
    if (item->flags & NLB_ITEM_HIDDEN)
        proto_item_set_hidden(drawn);
    return drawn;
}

/* drawn[i] becomes the i-th item; it may be NULL. */
static void
draw_items(const nlb_view *view, tvbuff_t *tvb, proto_tree *tree, proto_item **drawn)
{
    branch branches[MAX_DEPTH + 1] = {{NULL, tree, -1}};
    unsigned deepest = 0; /* so that nothing hangs on an item that is not there */

    for (size_t i = 0; i < view->item_count; i++) {
        const nlb_item *item = &view->items[i];
        const unsigned depth = MIN(item->depth, deepest);
        branch *self = &branches[depth + 1];

        self->item = draw_item(item, tvb, tree_below(&branches[depth]));
        self->below = NULL;
        self->ett = nlb_ett(item);
        deepest = MIN(depth + 1, MAX_DEPTH - 1);
        if (drawn != NULL)
            drawn[i] = self->item;
    }
}

/* Those on an item of their own; the others hang on the protocol's line. */
static bool
is_on_item(const nlb_hit *hit, const nlb_view *view)
{
    return hit->item < view->item_count;
}

static void
draw_hit(const nlb_hit *hit, packet_info *pinfo, proto_item *at)
{
    expert_add_info_format(pinfo, at, nlb_ei(hit), "%s", hit->text);
}

/* A heartbeat that lies is told by its own dissector, at its bytes, and is in the record's report
 * too. */
static bool
belongs_to(const nlb_hit *hit, nlb_section section)
{
    return nlb_finding(hit->finding)->section == section;
}

static void
draw_hits_of_line(const nlb_view *view, nlb_section section, packet_info *pinfo, proto_item *line)
{
    for (size_t i = 0; i < view->hit_count; i++) {
        if (!is_on_item(&view->hits[i], view) && belongs_to(&view->hits[i], section))
            draw_hit(&view->hits[i], pinfo, line);
    }
}

static bool
has_hit_on_item(const nlb_view *view)
{
    for (size_t i = 0; i < view->hit_count; i++) {
        if (is_on_item(&view->hits[i], view))
            return true;
    }
    return false;
}

/* drawn is NULL without a tree. */
static void
draw_hits_of_items(const nlb_view *view, packet_info *pinfo, proto_item *line, proto_item **drawn)
{
    for (size_t i = 0; i < view->hit_count; i++) {
        const nlb_hit *hit = &view->hits[i];

        if (is_on_item(hit, view))
            draw_hit(hit, pinfo, drawn != NULL ? drawn[hit->item] : line);
    }
}

/* What was found comes before what it was found by. */
void
nlb_draw(const nlb_view *view, nlb_section section, packet_info *pinfo, tvbuff_t *tvb,
         proto_tree *tree, proto_item *line)
{
    proto_item **drawn = NULL;

    draw_hits_of_line(view, section, pinfo, line);
    if (tree != NULL) {
        if (has_hit_on_item(view))
            drawn = wmem_alloc0_array(pinfo->pool, proto_item *, view->item_count);
        draw_items(view, tvb, tree, drawn);
    }
    draw_hits_of_items(view, pinfo, line, drawn);
}
