/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stats.c - the core's tables as Wireshark's simple statistics: dialogs of the GUI, and what sharkd
 * offers. tshark prints them in stats_text.c.
 */
#include "nlb_plugin.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

/* Wireshark hands back the address of ui, so it stands first. All dialogs of one table share its
 * rows; that is how Wireshark's simple statistics are made. */
typedef struct nlb_stat {
    stat_tap_table_ui ui;
    nlb_table which;
    nlb_summary *summary;
    GPtrArray *spare_rows; /* taken out of the table, but an older dialog may still point at them */
} nlb_stat;

static nlb_stat stats[NLB_TABLE_COUNT];

/* ---- cells ---- */

static const struct cell_type {
    stat_tap_table_item_enum type;
    tap_alignment_type align;
    const char *format;
} cell_types[] = {
    [NLB_CELL_TEXT] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "%s"},
    [NLB_CELL_UINT] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "%u"},
    /* Wireshark's own numbers end at 32 bits: see make_cell. */
    [NLB_CELL_UINT64] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "%u"},
    [NLB_CELL_FLOAT] = {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "%.2f"},
};

static void
free_cell(stat_tap_table *table _U_, guint row _U_, guint column _U_,
          stat_tap_table_item_type *cell)
{
    if (cell->type == TABLE_ITEM_STRING)
        g_free((char *)cell->value.string_value);
    cell->type = TABLE_ITEM_NONE;
}

static stat_tap_table_item_type
make_cell(nlb_cell_kind kind, const nlb_cell *from)
{
    stat_tap_table_item_type cell = {.type = cell_types[kind].type};

    switch (kind) {
    case NLB_CELL_TEXT:
        cell.value.string_value = g_strdup(from->text ? from->text : "");
        break;
    case NLB_CELL_FLOAT:
        cell.value.float_value = from->real;
        break;
    case NLB_CELL_UINT64:
        if (from->number > G_MAXUINT) {
            /* A dialog writes zeros behind it, and sorts it wrongly among smaller ones. */
            cell.type = TABLE_ITEM_FLOAT;
            cell.value.float_value = (double)from->number;
            break;
        }
        /* fall through */
    case NLB_CELL_UINT:
        cell.value.uint_value = (guint)MIN(from->number, G_MAXUINT);
        break;
    }
    return cell;
}

/* ---- rows ---- */

/* A dialog sorts by its first column: the number of the row keeps the core's order, the gravest
 * finding first and addresses as numbers. The core's columns stand behind it. */
enum { NUMBER_COLUMN, FIRST_COLUMN };

static void
fill_row(nlb_stat *stat, stat_tap_table *table, guint row)
{
    const nlb_cell number = {.number = row + 1};

    *stat_tap_get_field_data(table, row, NUMBER_COLUMN) = make_cell(NLB_CELL_UINT, &number);
    for (guint column = FIRST_COLUMN; column < stat->ui.nfields; column++) {
        const nlb_cell from = nlb_summary_cell(stat->summary, row, column - FIRST_COLUMN);
        stat_tap_table_item_type *to = stat_tap_get_field_data(table, row, column);

        free_cell(table, row, column, to);
        *to = make_cell(nlb_table_column(stat->which, column - FIRST_COLUMN)->kind, &from);
    }
}

static void
add_empty_row(nlb_stat *stat, stat_tap_table *table)
{
    const guint row = table->num_elements;
    stat_tap_table_item_type *empty = g_new0(stat_tap_table_item_type, stat->ui.nfields);

    stat_tap_init_table_row(table, row, (guint)stat->ui.nfields, empty);
    g_free(empty);
    if (stat->spare_rows->len > 0) {
        g_free(table->elements[row]);
        table->elements[row] = (stat_tap_table_item_type *)g_ptr_array_steal_index_fast(
            stat->spare_rows, stat->spare_rows->len - 1);
    }
}

/* There is no moment of drawing: rows have to be right after every packet. */
static void
refresh(nlb_stat *stat, stat_tap_table *table)
{
    size_t first, end;

    nlb_summary_changes(stat->summary, &first, &end);
    while (table->num_elements < end)
        add_empty_row(stat, table);
    for (size_t row = first; row < end; row++)
        fill_row(stat, table, (guint)row);
}

/* From the end, so that add_empty_row gives each row back its place. */
static void
remove_rows(nlb_stat *stat, stat_tap_table *table)
{
    for (guint row = table->num_elements; row-- > 0;) {
        for (guint column = 0; column < table->num_fields; column++)
            free_cell(table, row, column, &table->elements[row][column]);
        g_ptr_array_add(stat->spare_rows, table->elements[row]);
    }
    table->num_elements = 0;
}

/* ---- callbacks ---- */

static stat_tap_table *
find_table(nlb_stat *stat)
{
    return stat_tap_find_table(&stat->ui, nlb_table_title(stat->which));
}

static void
clear_stat(nlb_stat *stat, stat_tap_table *table)
{
    nlb_summary_free(stat->summary);
    stat->summary = nlb_summary_new(stat->which);
    remove_rows(stat, table);
}

/* Wireshark has no table when no dialog is open. */
static stat_tap_table *
add_table(nlb_stat *stat)
{
    stat_tap_table *table =
        stat_tap_init_table(nlb_table_title(stat->which), (int)stat->ui.nfields, 0, NULL);

    g_ptr_array_set_size(stat->spare_rows, 0);
    stat_tap_add_table(&stat->ui, table);
    return table;
}

static void
init_stat(stat_tap_table_ui *ui)
{
    nlb_stat *stat = (nlb_stat *)ui;
    stat_tap_table *table = find_table(stat);

    clear_stat(stat, table != NULL ? table : add_table(stat));
}

static void
reset_table(stat_tap_table *table)
{
    for (size_t i = 0; i < NLB_TABLE_COUNT; i++) {
        if (stats[i].ui.tables != NULL && find_table(&stats[i]) == table)
            clear_stat(&stats[i], table);
    }
}

static tap_packet_status
count_record(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
             tap_flags_t flags _U_)
{
    nlb_stat *stat = (nlb_stat *)((stat_data_t *)tapdata)->stat_tap_data;

    if (stat->summary == NULL)
        return TAP_PACKET_FAILED;
    nlb_summary_add(stat->summary, nlb_capture_current(), (const nlb_report *)data);
    refresh(stat, find_table(stat));
    return TAP_PACKET_REDRAW;
}

/* ---- registration ---- */

static stat_tap_table_item *
make_columns(nlb_table which)
{
    const size_t count = nlb_table_column_count(which);
    stat_tap_table_item *columns = g_new0(stat_tap_table_item, FIRST_COLUMN + count);

    columns[NUMBER_COLUMN] =
        (stat_tap_table_item){TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "No.", "%u"};
    for (size_t i = 0; i < count; i++) {
        const nlb_column_desc *desc = nlb_table_column(which, i);
        const struct cell_type *type = &cell_types[desc->kind];

        columns[FIRST_COLUMN + i] =
            (stat_tap_table_item){type->type, type->align, desc->title, type->format};
    }
    return columns;
}

static void
register_stat(nlb_stat *stat, nlb_table which)
{
    static tap_param params[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
    stat_tap_table_ui *ui = &stat->ui;

    stat->which = which;
    stat->spare_rows = g_ptr_array_new_with_free_func(g_free);
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    /* The Statistics menu has no submenus for these. */
    ui->title = g_strdup_printf("NLB %s", nlb_table_title(which));
    ui->tap_name = NLB_TAP;
    ui->cli_string = g_strdup_printf("nlb,%s", nlb_table_name(which));
    ui->stat_tap_init_cb = init_stat;
    ui->packet_func = count_record;
    ui->stat_tap_reset_table_cb = reset_table;
    ui->stat_tap_free_table_item_cb = free_cell;
    ui->nfields = FIRST_COLUMN + nlb_table_column_count(which);
    ui->fields = make_columns(which);
    ui->nparams = G_N_ELEMENTS(params);
    ui->params = params;
    register_stat_tap_table_ui(ui);
}

void
nlb_stats_register(void)
{
    for (int which = 0; which < NLB_TABLE_COUNT; which++)
        register_stat(&stats[which], (nlb_table)which);
}
