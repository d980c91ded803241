"""The national form of a specification (鉴定要素细目表): three groups of columns for the ranges, one for the points. Read with
every problem at its cell, written so that it can be read back."""
