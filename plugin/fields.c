/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fields.c - the core's field and finding tables, registered as Wireshark's. What is allocated here
 * lives as long as Wireshark, which keeps pointers into it.
 */
#include "nlb_plugin.h"

#include <epan/tfs.h>

static int *hf_of_field;
static int *ett_of_field;
static expert_field *ei_of_finding;
enum { SECTIONS = NLB_SECTION_ANALYSIS + 1 };

static int ett_of_section[SECTIONS] = {-1, -1};

/* ---- fields ---- */

typedef struct field_type {
    enum ftenum type;
    int display;
} field_type;

static const field_type field_types[NLB_KIND_COUNT] = {
    [NLB_KIND_NONE] = {FT_NONE, BASE_NONE},
    [NLB_KIND_UINT8] = {FT_UINT8, BASE_DEC},
    [NLB_KIND_UINT16] = {FT_UINT16, BASE_DEC},
    [NLB_KIND_UINT32] = {FT_UINT32, BASE_DEC},
    [NLB_KIND_UINT64] = {FT_UINT64, BASE_DEC},
    [NLB_KIND_BOOLEAN] = {FT_BOOLEAN, BASE_NONE},
    [NLB_KIND_STRING] = {FT_STRING, BASE_NONE},
    [NLB_KIND_ETHER] = {FT_ETHER, BASE_NONE},
    [NLB_KIND_IPV4] = {FT_IPv4, BASE_NONE},
    [NLB_KIND_IPV6] = {FT_IPv6, BASE_NONE},
    [NLB_KIND_FRAME] = {FT_FRAMENUM, BASE_NONE},
    [NLB_KIND_DURATION] = {FT_RELATIVE_TIME, BASE_NONE},
    [NLB_KIND_BYTES] = {FT_BYTES, BASE_NONE},
};

static void
show_version(char *out, guint32 version)
{
    nlb_show_version(version, out, ITEM_LABEL_LENGTH);
}

static value_string severity_names[NLB_ERROR + 2]; /* the last one ends the list */

static void
name_severities(void)
{
    for (guint32 severity = NLB_CHAT; severity <= NLB_ERROR; severity++)
        severity_names[severity] =
            (value_string){severity, nlb_severity_name((nlb_severity)severity)};
}

static int
display_of(const nlb_field_desc *desc)
{
    if (desc->show == NLB_SHOW_HEX)
        return BASE_HEX;
    if (desc->show == NLB_SHOW_VERSION)
        return BASE_CUSTOM;
    if (desc->kind == NLB_KIND_BOOLEAN && desc->mask != 0)
        return 32; /* for booleans: the width of the word the bit is in */
    return field_types[desc->kind].display;
}

static const void *
strings_of(const nlb_field_desc *desc)
{
    if (desc->show == NLB_SHOW_VERSION)
        return CF_FUNC(show_version);
    if (desc->show == NLB_SHOW_SEVERITY)
        return VALS(severity_names);
    if (desc->show == NLB_SHOW_COPY)
        return FRAMENUM_TYPE(FT_FRAMENUM_DUP_ACK); /* the GUI's only mark that says "duplicate" */
    if (desc->kind == NLB_KIND_FRAME)
        return FRAMENUM_TYPE(FT_FRAMENUM_NONE);
    if (desc->kind == NLB_KIND_BOOLEAN)
        return TFS(&tfs_yes_no);
    return NULL;
}

static hf_register_info
field_row(const nlb_field_desc *desc, int *hf)
{
    const hf_register_info row = {hf,
                                  {desc->title, desc->filter, field_types[desc->kind].type,
                                   display_of(desc), strings_of(desc), desc->mask, desc->help,
                                   HFILL}};

    return row;
}

static void
register_section_fields(nlb_section section)
{
    hf_register_info *rows = g_new0(hf_register_info, nlb_field_count());
    int count = 0;

    for (size_t i = 0; i < nlb_field_count(); i++) {
        if (nlb_field(i)->section == section)
            rows[count++] = field_row(nlb_field(i), &hf_of_field[i]);
    }
    proto_register_field_array(nlb_proto(section), rows, count);
}

static void
register_subtrees(void)
{
    const size_t count = nlb_field_count() + SECTIONS;
    int **etts = g_new0(int *, count);
    size_t at = 0;

    /* A subtree type per field: Wireshark remembers what is unfolded by it. */
    for (size_t i = 0; i < nlb_field_count(); i++)
        etts[at++] = &ett_of_field[i];
    for (size_t i = 0; i < SECTIONS; i++)
        etts[at++] = &ett_of_section[i];
    proto_register_subtree_array(etts, (int)count);
    g_free(etts);
}

/* ---- findings ---- */

static const int expert_groups[] = {
    [NLB_GROUP_SEQUENCE] = PI_SEQUENCE,
    [NLB_GROUP_PROTOCOL] = PI_PROTOCOL,
    [NLB_GROUP_MALFORMED] = PI_MALFORMED,
    [NLB_GROUP_ASSUMPTION] = PI_ASSUMPTION,
};

static const int expert_severities[] = {
    [NLB_CHAT] = PI_CHAT,
    [NLB_NOTE] = PI_NOTE,
    [NLB_WARN] = PI_WARN,
    [NLB_ERROR] = PI_ERROR,
};

static ei_register_info
finding_row(const nlb_finding_desc *desc, expert_field *ei)
{
    ei_register_info row = {ei,
                            {desc->filter, expert_groups[desc->group],
                             expert_severities[desc->severity], desc->summary, EXPFILL}};

    /* Shown by "tshark -G fields" and wherever the GUI explains a filter. */
    row.eiinfo.hf_info.hfinfo.blurb = g_strdup_printf("%s %s", desc->cause, desc->remedy);
    return row;
}

static void
register_section_findings(nlb_section section)
{
    ei_register_info *rows = g_new0(ei_register_info, nlb_finding_count());
    int count = 0;

    for (size_t i = 0; i < nlb_finding_count(); i++) {
        if (nlb_finding(i)->section == section)
            rows[count++] = finding_row(nlb_finding(i), &ei_of_finding[i]);
    }
    if (count > 0)
        expert_register_field_array(expert_register_protocol(nlb_proto(section)), rows, count);
}

/* ---- */

static int *
new_indices(size_t count)
{
    int *indices = g_new(int, count);

    for (size_t i = 0; i < count; i++)
        indices[i] = -1;
    return indices;
}

void
nlb_fields_register(void)
{
    const expert_field unregistered = EI_INIT;

    name_severities();
    hf_of_field = new_indices(nlb_field_count());
    ett_of_field = new_indices(nlb_field_count());
    ei_of_finding = g_new(expert_field, nlb_finding_count());
    for (size_t i = 0; i < nlb_finding_count(); i++)
        ei_of_finding[i] = unregistered;

    for (int section = 0; section < SECTIONS; section++) {
        register_section_fields((nlb_section)section);
        register_section_findings((nlb_section)section);
    }
    register_subtrees();
}

int
nlb_hf(const nlb_item *item)
{
    return hf_of_field[item->field];
}

int
nlb_ett(const nlb_item *item)
{
    return ett_of_field[item->field];
}

int
nlb_ett_section(nlb_section section)
{
    return ett_of_section[section];
}

expert_field *
nlb_ei(const nlb_hit *hit)
{
    return &ei_of_finding[hit->finding];
}
