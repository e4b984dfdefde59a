"""A dump of a database is read as the table that gets most rows; nothing of it is run."""

from datetime import datetime

import pytest

from datapilot.contracts.errors import NotATable

pytestmark = pytest.mark.spec("A2")

MYSQL = (
    "-- MySQL dump 10.13\nCREATE TABLE `orders` (\n  `id` int NOT NULL,\n  `name` varchar(50) DEFAULT 'a,b',\n"
    "  `amount` decimal(10,2),\n  `at` datetime,\n  PRIMARY KEY (`id`),\n  KEY `k` (`name`)\n) ENGINE=InnoDB;\n"
    "INSERT INTO `small` VALUES (1);\nINSERT INTO `orders` VALUES "
    + ",".join(f"({k},'Ann''s, (shop) {k}',{k}.50,'2024-01-{k:02d} 10:00:00')" for k in range(1, 15))
    + ";\nINSERT INTO `orders` VALUES (15,'It\\'s ok; yes',NULL,'2024-02-01 10:00:00');\nUNLOCK TABLES;\n"
)
POSTGRES = (
    "--\n-- PostgreSQL database dump\n--\nSET x = 'UTF8';\nCREATE TABLE public.orders (\n    id integer\n);\n"
    "COPY public.orders (id, name, amount) FROM stdin;\n"
    + "".join(f"{k}\tShop\\t{k}\t{k * 1.5 if k % 5 else chr(92) + 'N'}\n" for k in range(1, 20))
    + "\\.\n\nALTER TABLE ONLY public.orders ADD CONSTRAINT x PRIMARY KEY (id);\n"
)
MSSQL = "SET ANSI_NULLS ON\nGO\n" + "".join(
    f"INSERT [dbo].[Orders] ([id], [name], [at]) VALUES ({k}, N'Shop {k}', CAST(N'2024-01-0{k}T10:00' AS DateTime))\n"
    for k in range(1, 9)
)


def test_rows_of_inserts_are_the_table(read_text):
    """Names come from CREATE TABLE, quotes and brackets inside texts part nothing, NULL is missing."""
    read = read_text(MYSQL, name="dump.sql")

    assert read.names == ["id", "name", "amount", "at"]
    assert read.rows()[0] == (1, "Ann's, (shop) 1", 1.5, datetime.fromisoformat("2024-01-01T10:00:00"))
    assert read.rows()[14] == (15, "It's ok; yes", None, datetime.fromisoformat("2024-02-01T10:00:00"))
    assert len(read.rows()) == 15
    assert "“orders”" in read.receipt.notes[0]
    assert read.receipt.other_tables == ("Table “small”: 1 rows",)


def test_rows_below_copy_are_the_table(read_text):
    """PostgreSQL writes tabs between cells, and marks of its own for tabs inside and for missing cells."""
    read = read_text(POSTGRES, name="dump.sql")

    assert read.names == ["id", "name", "amount"]
    assert read.rows()[3:5] == [(4, "Shop\t4", 6.0), (5, "Shop\t5", None)]
    assert len(read.rows()) == 19


def test_script_of_a_server_in_utf_16(read_text):
    """SQL Server writes such scripts; a cast says what its text says."""
    read = read_text(MSSQL.encode("utf-16"), name="script.sql")

    assert read.names == ["id", "name", "at"]
    assert read.rows()[7] == (8, "Shop 8", datetime.fromisoformat("2024-01-08T10:00:00"))


def test_script_without_rows_is_refused(read_text):
    """It says what to export instead."""
    with pytest.raises(NotATable, match="holds no rows"):
        read_text("-- dump\nCREATE TABLE a (\n  id int\n);\nCREATE TABLE b (\n  id int\n);\n", name="schema.sql")
