"""The school as one workbook: every sheet a table of reference data, read and written by one mapping."""
