package dev.xaabroker.cli;

import java.util.List;
import java.util.regex.Pattern;

/** Rows of text for a terminal or a spreadsheet. */
final class Tables {

    private static final Pattern NEEDS_QUOTES = Pattern.compile("[\",\r\n]");
    /** What a spreadsheet would run as a formula. */
    private static final Pattern FORMULA = Pattern.compile("^[=+@\\-\t].*", Pattern.DOTALL);

    private Tables() {}

    /** Columns padded to their widest cell; an empty cell is a dash. */
    static List<String> aligned(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Math.max(1, row.get(i).length()));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i).isEmpty() ? "-" : row.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    /** One line of CSV (RFC 4180). */
    static String csv(List<String> row) {
        return String.join(",", row.stream().map(Tables::quoted).toList());
    }

    private static String quoted(String cell) {
        String safe = FORMULA.matcher(cell).matches() ? "'" + cell : cell;
        return NEEDS_QUOTES.matcher(safe).find() ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
