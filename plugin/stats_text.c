/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stats_text.c - the core's tables as text. tshark could print what stats.c registers, but knows
 * neither column widths nor what to say about an empty table.
 */
#include "nlb_plugin.h"

#include <stdio.h>
#include <stdlib.h>

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

/* One "-z" on the command line. */
typedef struct text_stat {
    nlb_table which;
    char *filter; /* NULL: all frames */
    nlb_summary *summary;
} text_stat;

/* A table ready to print: text[row * columns + column], and the widest of each column. */
typedef struct text_table {
    size_t rows, columns;
    char **text;
    size_t *width;
} text_table;

/* Not the same as finding nothing. */
#define NOTHING_LOOKED_AT ": nothing was looked at, no Ethernet frame came by"

/* ---- laying out ---- */

static char *
cell_text(nlb_cell_kind kind, const nlb_cell *cell)
{
    if (kind == NLB_CELL_UINT || kind == NLB_CELL_UINT64)
        return g_strdup_printf("%" G_GUINT64_FORMAT, cell->number);
    /* tshark sets the user's locale, in which printf may write a comma. */
    if (kind == NLB_CELL_FLOAT) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        return g_strdup(g_ascii_formatd(number, sizeof number, "%.2f", cell->real));
    }
    /* Never empty: the columns can be told apart by their gaps. */
    return g_strdup(cell->text && *cell->text ? cell->text : "-");
}

static size_t
text_width(const char *text)
{
    return (size_t)g_utf8_strlen(text, -1);
}

static void
lay_out_row(text_table *table, const text_stat *stat, size_t row)
{
    for (size_t i = 0; i < table->columns; i++) {
        const nlb_cell cell = nlb_summary_cell(stat->summary, row, i);
        char *text = cell_text(nlb_table_column(stat->which, i)->kind, &cell);

        table->text[row * table->columns + i] = text;
        table->width[i] = MAX(table->width[i], text_width(text));
    }
}

static text_table
lay_out(const text_stat *stat)
{
    text_table table = {.rows = nlb_summary_row_count(stat->summary),
                        .columns = nlb_table_column_count(stat->which)};

    table.text = g_new0(char *, table.rows *table.columns);
    table.width = g_new0(size_t, table.columns);
    for (size_t i = 0; i < table.columns; i++)
        table.width[i] = text_width(nlb_table_column(stat->which, i)->title);
    for (size_t row = 0; row < table.rows; row++)
        lay_out_row(&table, stat, row);
    return table;
}

static void
free_table(text_table *table)
{
    for (size_t i = 0; i < table->rows * table->columns; i++)
        g_free(table->text[i]);
    g_free(table->text);
    g_free(table->width);
}

/* ---- printing ---- */

static void
print_padded(const char *text, size_t width, bool right, bool last)
{
    const int padding = (int)(width - text_width(text));

    if (right)
        printf("%*s%s", padding, "", text);
    else
        printf("%s%*s", text, last ? 0 : padding, "");
    fputs(last ? "\n" : "  ", stdout);
}

static void
print_cell(const text_table *table, const text_stat *stat, size_t column, const char *text)
{
    const bool right = nlb_table_column(stat->which, column)->kind != NLB_CELL_TEXT;

    print_padded(text, table->width[column], right, column + 1 == table->columns);
}

static void
print_rows(const text_table *table, const text_stat *stat)
{
    for (size_t i = 0; i < table->columns; i++)
        print_cell(table, stat, i, nlb_table_column(stat->which, i)->title);
    for (size_t i = 0; i < table->rows * table->columns; i++)
        print_cell(table, stat, i % table->columns, table->text[i]);
}

static void
print_stat(void *tapdata)
{
    const text_stat *stat = (const text_stat *)tapdata;
    text_table table = lay_out(stat);

    printf("\nNLB %s", nlb_table_title(stat->which));
    if (stat->filter)
        printf(" (filter: %s)", stat->filter);
    if (table.rows == 0)
        fputs(nlb_summary_looked_at(stat->summary) > 0 ? ": none" : NOTHING_LOOKED_AT, stdout);
    puts("");
    if (table.rows > 0)
        print_rows(&table, stat);
    free_table(&table);
}

/* ---- counting ---- */

static void
reset_stat(void *tapdata)
{
    nlb_summary_clear(((text_stat *)tapdata)->summary);
}

static tap_packet_status
count_record(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
             tap_flags_t flags _U_)
{
    nlb_summary_add(((text_stat *)tapdata)->summary, nlb_capture_current(),
                    (const nlb_report *)data);
    return TAP_PACKET_DONT_REDRAW;
}

static void
free_stat(void *tapdata)
{
    text_stat *stat = (text_stat *)tapdata;

    nlb_summary_free(stat->summary);
    g_free(stat->filter);
    g_free(stat);
}

/* ---- the command line ---- */

typedef struct named_table {
    nlb_table which;
    char *name; /* "nlb,clusters" */
} named_table;

/* tshark compares beginnings only. */
bool
nlb_stats_text_read(const char *argument, const char *name, const char **filter)
{
    const char *rest = argument + strlen(name);

    *filter = rest[0] == ',' && rest[1] ? rest + 1 : NULL;
    if (*rest == '\0' || *rest == ',')
        return true;
    fprintf(stderr, "tshark: \"-z %s\" is not \"-z %s\"\n", argument, name);
    return false;
}

static ws_stat_result
start_stat(const char *argument, void *userdata)
{
    const named_table *table = (const named_table *)userdata;
    const char *filter;
    text_stat *stat;
    GString *error;

    if (!nlb_stats_text_read(argument, table->name, &filter))
        WS_STAT_FAIL();
    stat = g_new0(text_stat, 1);
    stat->which = table->which;
    stat->filter = g_strdup(filter);
    stat->summary = nlb_summary_new(stat->which);
    error = register_tap_listener(NLB_TAP, stat, stat->filter, TL_REQUIRES_NOTHING, reset_stat,
                                  count_record, print_stat, free_stat);
    if (error != NULL) {
        fprintf(stderr, "tshark: Couldn't register %s tap: %s\n", table->name, error->str);
        g_string_free(error, TRUE);
        free_stat(stat);
        WS_STAT_FAIL();
    }
    WS_STAT_SUCCEED();
}

static void
register_text_stat(named_table *table, nlb_table which)
{
    stat_tap_ui ui = {.group = REGISTER_PACKET_STAT_GROUP_UNSORTED, .tap_init_cb = start_stat};

    table->which = which;
    table->name = g_strdup_printf("nlb,%s", nlb_table_name(which));
    ui.cli_string = table->name;
    register_stat_tap_ui(&ui, table);
}

bool
nlb_stats_text_wanted(void)
{
    return g_strcmp0(g_get_prgname(), "tshark") == 0;
}

void
nlb_stats_text_register(void)
{
    static named_table tables[NLB_TABLE_COUNT];

    for (int which = 0; which < NLB_TABLE_COUNT; which++)
        register_text_stat(&tables[which], (nlb_table)which);
}
