"""Bronze → silver → gold: one set of transformations for Lakeflow on Databricks and for open-source Spark here.

Plain functions (`silver`, `gold`) turn DataFrames into DataFrames; `transformations/` only registers them, one dataset
a file. This package knows no Django, and no Django app imports it.

Inside those functions only select, where, groupBy, join, union and windows are used: on open-source Spark 4.3
withColumn, drop, fillna or df.columns resolve a table at once, and the second update then reads an emptied table.
"""
