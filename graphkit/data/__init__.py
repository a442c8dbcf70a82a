"""The data of a district: tables, their problems, and the folders and workbooks they travel in."""
